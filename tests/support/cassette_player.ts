import assert from "node:assert/strict";
import OpenAI from "openai";
import { bytesOf } from "../../conformance/cassette.ts";
import type { Cassette, CassetteExchange, ExpectedBody } from "../../conformance/cassette.ts";
import { EXAMPLE_BEARER_TOKEN, EXAMPLE_CREDENTIALS } from "../../conformance/mantle/mod.ts";
import { play } from "../../conformance/play.ts";
import type { Playing } from "../../conformance/play.ts";
import { bedrock } from "../../mod.ts";
import { SESSION_CREDENTIALS } from "./local_mantle.ts";

/** What is let in: a token, and keys with and without a session. */
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

/** A cassette at play, and clients of it. */
export interface Deck extends Playing {
  readonly origin: string;
  /** Sends to the cassette as it is. */
  readonly send: typeof globalThis.fetch;
  /** Authenticates, then sends to the cassette. */
  readonly fetch: typeof globalThis.fetch;
  /** The official client on a path prefix. */
  client(prefix?: "/openai/v1" | "/v1"): OpenAI;
}

/** Puts a cassette on, under the host that it would have; clients can be told another Region. */
export function deck(
  cassette: Cassette,
  mode: Mode = "bearer",
  now: () => number = Date.now,
  { region = cassette.region } = {},
): Deck {
  const playing = play(cassette, { ...ADMITTED, now });
  const { endpoint } = cassette;
  const host = endpoint === "mantle" ? "api.aws" : "amazonaws.com";
  const origin = `https://bedrock-${endpoint}.${region}.${host}`;
  const send: typeof globalThis.fetch = (input, init) => playing.handler(new Request(input, init));
  const provider = (prefix: string) =>
    bedrock({ region, endpoint, env: {}, ...MODES[mode], baseURL: origin + prefix, fetch: send });
  return {
    ...playing,
    origin,
    send,
    fetch: provider("").fetch,
    client: (prefix = "/openai/v1") =>
      new OpenAI({ provider: provider(prefix).provider, fetch: send, maxRetries: 0 }),
  };
}

/** Plays all exchanges by `fetch`, and holds each answer against the cassette. */
export async function playThrough(cassette: Cassette, mode: Mode): Promise<void> {
  const { origin, send, fetch, mismatches, unplayed } = deck(cassette, mode);
  for (const { request, response } of cassette.exchanges) {
    const isBare = request.forbidden?.includes("authorization");
    const answer = await (isBare ? send : fetch)(origin + request.path, {
      method: request.method,
      headers: new Headers(request.headers?.map(([name, value]) => [name, value])),
      ...(request.body ? { body: bodyOf(request.body) } : {}),
    });
    assert.deepEqual(mismatches(), []);
    if (answer.ok || isBare) await assertAnswer(answer, response);
    else await assertFailure(answer, response);
  }
  assert.deepEqual(unplayed(), []);
}

async function assertAnswer(
  answer: Response,
  expected: CassetteExchange["response"],
): Promise<void> {
  assert.equal(answer.status, expected.status);
  for (const [name, value] of expected.headers) assert.equal(answer.headers.get(name), value);
  const parts = expected.chunks ?? (expected.body ? [expected.body] : []);
  const wanted = new TextDecoder().decode(await new Blob(parts.map(bytesOf)).arrayBuffer());
  if (expected.chunks && expected.end === "abort") await assert.rejects(answer.text());
  else assert.equal(await answer.text(), wanted);
}

/** What failed arrives in OpenAI's envelope, with what was said at its beginning. */
async function assertFailure(
  answer: Response,
  { status, body }: CassetteExchange["response"],
): Promise<void> {
  assert.equal(answer.status, status === 200 ? 404 : status);
  const { error } = await answer.json();
  assert.equal(typeof error.message, "string");
  const json = body && "json" in body ? body.json as Record<string, unknown> : {};
  const said = (json.error as { message?: string })?.message ?? json.message ?? json.Message ?? "";
  assert.ok(error.message.startsWith(said), error.message);
}

function bodyOf(body: ExpectedBody): string | FormData {
  if (!("form" in body)) return new TextDecoder().decode(bytesOf(body));
  const form = new FormData();
  for (const [name, value] of Object.entries(body.form)) {
    form.append(name, name === "file" ? new File([value], "greeting.jsonl") : value);
  }
  return form;
}
