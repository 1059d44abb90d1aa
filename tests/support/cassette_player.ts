import assert from "node:assert/strict";
import OpenAI from "openai";
import { bytesOf } from "../../conformance/cassette.ts";
import type { Cassette, CassetteExchange, ExpectedBody } from "../../conformance/cassette.ts";
import { EXAMPLE_BEARER_TOKEN, EXAMPLE_CREDENTIALS } from "../../conformance/mantle/mod.ts";
import { play } from "../../conformance/play.ts";
import type { Player } from "../../conformance/play.ts";
import { bedrock } from "../../mod.ts";
import { SESSION_CREDENTIALS } from "./local_mantle.ts";

/** The accepted credentials: a token, and keys with and without a session. */
export const ADMITTED = {
  bearerTokens: [EXAMPLE_BEARER_TOKEN],
  credentials: [EXAMPLE_CREDENTIALS, SESSION_CREDENTIALS],
};

/** The ways to authenticate, as options of `bedrock()`. */
export const MODES = {
  bearer: { apiKey: EXAMPLE_BEARER_TOKEN },
  sigv4: EXAMPLE_CREDENTIALS,
  "sigv4 with a session": SESSION_CREDENTIALS,
} as const;
export type Mode = keyof typeof MODES;

/** A cassette that is being played, and its clients. */
export interface Deck extends Player {
  readonly origin: string;
  /** Sends to the cassette without authentication. */
  readonly send: typeof globalThis.fetch;
  /** Authenticates, then sends to the cassette. */
  readonly fetch: typeof globalThis.fetch;
  /** Creates the official client for a path prefix. */
  client(prefix?: "/openai/v1" | "/v1"): OpenAI;
}

/** Plays a cassette under its host; clients may use another Region. */
export function deck(
  cassette: Cassette,
  mode: Mode = "bearer",
  now: () => number = Date.now,
  { region = cassette.region } = {},
): Deck {
  const player = play(cassette, { ...ADMITTED, now });
  const { endpoint } = cassette;
  const host = endpoint === "mantle" ? "api.aws" : "amazonaws.com";
  const origin = `https://bedrock-${endpoint}.${region}.${host}`;
  const send: typeof globalThis.fetch = (input, init) => player.handler(new Request(input, init));
  const provider = (prefix: string) =>
    bedrock({ region, endpoint, env: {}, ...MODES[mode], baseURL: origin + prefix, fetch: send });
  return {
    ...player,
    origin,
    send,
    fetch: provider("/openai/v1").fetch,
    client: (prefix = "/openai/v1") =>
      new OpenAI({ provider: provider(prefix).provider, fetch: send, maxRetries: 0 }),
  };
}

/** Plays all exchanges with `fetch`, and compares each response with the cassette. */
export async function playThrough(cassette: Cassette, mode: Mode): Promise<void> {
  const { origin, send, fetch, mismatches, unplayed } = deck(cassette, mode);
  for (const { request, response: expected } of cassette.exchanges) {
    const isBare = request.forbidden?.includes("authorization");
    const response = await (isBare ? send : fetch)(origin + request.path, {
      method: request.method,
      headers: new Headers(request.headers?.map(([name, value]) => [name, value])),
      ...(request.body ? { body: bodyOf(request.body) } : {}),
    });
    assert.deepEqual(mismatches(), []);
    if (response.ok || isBare) await assertResponse(response, expected);
    else await assertFailure(response, expected);
  }
  assert.deepEqual(unplayed(), []);
}

async function assertResponse(
  response: Response,
  expected: CassetteExchange["response"],
): Promise<void> {
  assert.equal(response.status, expected.status);
  for (const [name, value] of expected.headers) assert.equal(response.headers.get(name), value);
  const parts = expected.chunks ?? (expected.body ? [expected.body] : []);
  const wanted = new TextDecoder().decode(await new Blob(parts.map(bytesOf)).arrayBuffer());
  if (expected.chunks && expected.end === "abort") await assert.rejects(response.text());
  else assert.equal(await response.text(), wanted);
}

/** Checks that a failure arrives in OpenAI's envelope, and begins with the service's message. */
async function assertFailure(
  response: Response,
  { status, body }: CassetteExchange["response"],
): Promise<void> {
  assert.equal(response.status, status === 200 ? 404 : status);
  const { error } = await response.json();
  assert.equal(typeof error.message, "string");
  const json = body && "json" in body ? body.json as Record<string, unknown> : {};
  const message = (json.error as { message?: string })?.message ?? json.message ?? json.Message;
  assert.ok(error.message.startsWith(message ?? ""), error.message);
}

function bodyOf(body: ExpectedBody): string | FormData {
  if (!("form" in body)) return new TextDecoder().decode(bytesOf(body));
  const form = new FormData();
  for (const [name, value] of Object.entries(body.form)) {
    form.append(name, name === "file" ? new File([value], "greeting.jsonl") : value);
  }
  return form;
}
