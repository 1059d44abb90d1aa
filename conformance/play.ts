import type { Cassette, ExpectedRequest } from "./cassette.ts";
import { authenticate } from "./mantle/authentication.ts";
import type { Admission } from "./mantle/authentication.ts";
import { Refusal } from "./mantle/errors.ts";
import { receive, type Received } from "./mantle/exchange.ts";
import type { KnownCredential } from "./mantle/known_credential.ts";
import { parseAuthorization } from "./mantle/sigv4_claim.ts";
import { playedResponse } from "./played_response.ts";
import { requestDifferences } from "./request_differences.ts";
import type { Difference } from "./request_differences.ts";

/** Whom a cassette lets in, and how fast it plays. */
export interface PlayOptions {
  /** The bearer tokens to accept. */
  readonly bearerTokens: readonly string[];
  /** The credentials to accept signatures of. */
  readonly credentials: readonly KnownCredential[];
  /** The clock that signatures are judged by, in milliseconds since 1970. @default {Date.now} */
  readonly now?: () => number;
  /** What pauses are multiplied by: 0 for none, 1 for those of the cassette. @default {0} */
  readonly speed?: number;
}

/** A request that did not fit, and in which field. */
export interface Mismatch extends Difference {
  /** The place of the exchange that was expected, from 0. */
  readonly exchange: number;
}

/** A cassette that is being played. */
export interface Playing {
  /** Answers each request by the next exchange, or by a 500 that names the field that differs. */
  readonly handler: (request: Request) => Promise<Response>;
  /** What did not fit so far. */
  mismatches(): readonly Mismatch[];
  /** The exchanges that were not asked for yet, each with its place. */
  unplayed(): string[];
}

/**
 * Plays a cassette: requests are held against its exchanges strictly and in order.
 *
 * Authentication is verified and never compared, as no two signatures are alike. An exchange that
 * a request did not fit stays the next one.
 */
export function play(cassette: Cassette, options: PlayOptions): Playing {
  const { bearerTokens, credentials, now = Date.now, speed = 0 } = options;
  const { endpoint, region, exchanges } = cassette;
  const admission: Admission = { endpoint, region, bearerTokens, credentials, now };
  const mismatches: Mismatch[] = [];
  let next = 0;

  async function answer(request: Request): Promise<Response> {
    const received = await receive(request);
    const exchange = exchanges[next];
    const differences = exchange
      ? await allDifferences(exchange.request, received, admission)
      : [surplus(received)];
    mismatches.push(...differences.map((difference) => ({ exchange: next, ...difference })));
    if (!exchange || differences.length > 0) return miss(cassette.title, next, differences);
    next++;
    return playedResponse(exchange.response, speed);
  }

  // One at a time: which exchange is the next must not depend on how fast a body is read.
  let turn: Promise<unknown> = Promise.resolve();
  return {
    handler(request) {
      // With `data:,` the OpenAI client finds out what its `fetch` can do before it uploads.
      if (request.url.startsWith("data:")) return Promise.resolve(new Response());
      const answered = turn.then(() => answer(request));
      turn = answered.catch(() => {});
      return answered;
    },
    mismatches: () => mismatches,
    unplayed: () =>
      exchanges.map(({ request: { method, path } }, place) => `${place}: ${method} ${path}`)
        .slice(next),
  };
}

async function allDifferences(
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
    const expected = "a bearer token or a signature that is accepted";
    return [{ field: "authentication", expected, found: error.message }];
  }
}

/** Where the service refuses, there is nothing to verify; yet it must be what a client sends. */
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

function miss(title: string, place: number, differences: readonly Difference[]): Response {
  const fields = differences.map(({ field, expected, found }) =>
    `${field}: expected ${expected}, found ${found}`
  );
  const message = `The request does not fit exchange ${place} of "${title}": ${fields.join("; ")}`;
  const param = differences[0]?.field ?? null;
  return Response.json(
    { error: { code: "cassette_mismatch", message, param, type: "cassette_error" } },
    // The OpenAI clients would otherwise ask again, and the report would say everything thrice.
    { status: 500, headers: { "x-should-retry": "false" } },
  );
}
