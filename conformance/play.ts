import type { Cassette, ExpectedRequest } from "./cassette.ts";
import { type Admission, authenticate } from "./mantle/authentication.ts";
import { Refusal } from "./mantle/errors.ts";
import { receive, type Received } from "./mantle/exchange.ts";
import type { KnownCredential } from "./mantle/known_credential.ts";
import { parseAuthorization } from "./mantle/sigv4_claim.ts";
import { playResponse } from "./play_response.ts";
import { type Difference, requestDifferences } from "./request_differences.ts";

/** The credentials that a cassette accepts, and its speed. */
export interface PlayOptions {
  /** The bearer tokens to accept. */
  readonly bearerTokens: readonly string[];
  /** The credentials whose signatures to accept. */
  readonly credentials: readonly KnownCredential[];
  /** The clock that signatures are judged by, in milliseconds since 1970. @default {Date.now} */
  readonly now?: () => number;
  /** The factor of pauses: 0 for none, 1 for those of the cassette. @default {0} */
  readonly speed?: number;
}

/** A field of a request that did not match. */
export interface Mismatch extends Difference {
  /** The index of the expected exchange. */
  readonly exchange: number;
}

/** A cassette that is being played. */
export interface Player {
  /** Responds with the next exchange, or with a 500 that names the field that differs. */
  readonly handler: (request: Request) => Promise<Response>;
  /** Lists the mismatches so far. */
  mismatches(): readonly Mismatch[];
  /** Lists the exchanges that were not requested yet, each with its index. */
  unplayed(): string[];
}

/**
 * Plays a cassette: compares requests with its exchanges, strictly and in order.
 *
 * Authentication is verified instead of compared, as no two signatures are alike. After a mismatch,
 * the same exchange is expected again.
 */
export function play(cassette: Cassette, options: PlayOptions): Player {
  const { bearerTokens, credentials, now = Date.now, speed = 0 } = options;
  const { endpoint, region, exchanges } = cassette;
  const admission: Admission = { endpoint, region, bearerTokens, credentials, now };
  const mismatches: Mismatch[] = [];
  let next = 0;

  async function respond(request: Request): Promise<Response> {
    const received = await receive(request);
    const exchange = exchanges[next];
    const differences = exchange
      ? await findDifferences(exchange.request, received, admission)
      : [surplus(received)];
    mismatches.push(...differences.map((difference) => ({ exchange: next, ...difference })));
    if (!exchange || differences.length > 0) return refuse(cassette.title, next, differences);
    next++;
    return playResponse(exchange.response, speed);
  }

  // One at a time, so that the order does not depend on how fast a body is read
  let turn: Promise<unknown> = Promise.resolve();
  return {
    handler(request) {
      // The OpenAI client probes its `fetch` with `data:,` before it uploads
      if (request.url.startsWith("data:")) return Promise.resolve(new Response());
      const responding = turn.then(() => respond(request));
      turn = responding.catch(() => {});
      return responding;
    },
    mismatches: () => mismatches,
    unplayed: () =>
      exchanges.map(({ request: { method, path } }, index) => `${index}: ${method} ${path}`)
        .slice(next),
  };
}

async function findDifferences(
  expected: ExpectedRequest,
  received: Received,
  admission: Admission,
): Promise<Difference[]> {
  const differences = await requestDifferences(expected, received);
  if (differences.length > 0) return differences;
  return expected.unauthenticated
    ? malformedAuthentication(received)
    : await authenticationDifference(received, admission);
}

async function authenticationDifference(
  received: Received,
  admission: Admission,
): Promise<Difference[]> {
  try {
    await authenticate(received, admission);
    return [];
  } catch (error) {
    if (!(error instanceof Refusal)) throw error;
    const expected = "an accepted bearer token or signature";
    return [{ field: "authentication", expected, found: error.message }];
  }
}

/** Checks the form of an authentication that the service refuses, as there is nothing to verify. */
function malformedAuthentication({ headers }: Received): Difference[] {
  const authorization = headers.get("authorization");
  if (authorization === null || /^Bearer \S+$/.test(authorization)) return [];
  if (parseAuthorization(authorization)) return [];
  const expected = "Bearer and a token, or AWS4-HMAC-SHA256 and its three parts";
  return [{ field: "authentication", expected, found: "another form (masked)" }];
}

function surplus({ method, url }: Received): Difference {
  const found = `${method} ${url.pathname}${url.search}`;
  return { field: "request", expected: "no further request", found };
}

function refuse(title: string, index: number, differences: readonly Difference[]): Response {
  const fields = differences.map(({ field, expected, found }) =>
    `${field}: expected ${expected}, found ${found}`
  );
  const message = `The request does not match exchange ${index} of "${title}": ${
    fields.join("; ")
  }`;
  const param = differences[0]?.field ?? null;
  return Response.json(
    { error: { code: "cassette_mismatch", message, param, type: "cassette_error" } },
    // Without this the OpenAI clients would retry, and each mismatch would be reported three times
    { status: 500, headers: { "x-should-retry": "false" } },
  );
}
