import assert from "node:assert/strict";
import fc from "fast-check";
import { CASSETTES } from "../../conformance/cassettes/mod.ts";
import { liveCalls } from "../../conformance/live/calls.ts";
import type { LiveResponse } from "../../conformance/live/make_call.ts";
import { recording } from "../../conformance/live/recording.ts";
import { runLive } from "../../conformance/live/run_live.ts";
import { property } from "./property.ts";
import { assertSilent, SECRETS } from "./secrets.ts";
import { spelled, type Spelling, spelling } from "./spelled.ts";
import { mutated } from "./texts.ts";

const [call] = liveCalls(CASSETTES).filter(({ id }) => id === "responses/gpt_text");
const PLACE = { region: "us-west-2", origin: "https://service.example", date: "2030-01-02" };

const secret = fc.constantFrom(
  SECRETS.apiKey,
  SECRETS.sessionToken,
  `bedrock-api-key-${SECRETS.secretAccessKey}`,
);

/** A text in pieces. */
const cuts = fc.array(fc.nat(60), { maxLength: 6 });

function cut(text: string, sizes: readonly number[]): string[] {
  let rest = text;
  const pieces = sizes.map((size) => {
    const piece = rest.slice(0, size);
    rest = rest.slice(size);
    return piece;
  });
  return [...pieces, rest];
}

/** Places in a response that could repeat a credential. */
const PLACES = {
  "a message": (text: string) => JSON.stringify({ error: { message: text, code: "x" } }),
  "the name of a field": (text: string) => JSON.stringify({ [text]: 1 }),
  "a text that is no JSON": (text: string) => `<p>${text}</p>`,
  "JSON in JSON": (text: string) => JSON.stringify({ output: JSON.stringify({ text }) }),
  "a comment of a stream": (text: string) => `: ${text}\n\ndata: {}\n\n`,
} satisfies Record<string, (text: string) => string>;

const place = fc.constantFrom(...Object.keys(PLACES) as (keyof typeof PLACES)[]);

function streamOf(pieces: readonly string[], inTurns: boolean): string {
  const event = (delta: string, output_index: number) =>
    `data: ${JSON.stringify({ type: "response.output_text.delta", output_index, delta })}\n\n`;
  return pieces.map((piece) => event(piece, 0) + (inTurns ? event("other", 1) : "")).join("");
}

function responseWith(text: string, pieces: readonly string[], type: string): LiveResponse {
  const chunks = pieces.map((piece) => ({ afterMs: 0, text: piece }));
  return { status: 200, headers: [["content-type", type]], text, chunks };
}

function assertRefused(response: LiveResponse, sent: string): void {
  assert.ok(call);
  const recorded = recording(call, response, PLACE, [sent]);
  assert.ok("secrets" in recorded, JSON.stringify(recorded));
  assertSilent(JSON.stringify(recorded), "the refusal to record");
}

/** Returns every line that a live run prints for this response. */
async function linesOf(text: string, status: number, sent: string): Promise<string[]> {
  const lines: string[] = [];
  await runLive({
    account: {
      url: "https://service.example/openai/v1",
      fetch: async () => new Response(text, { status }),
      sent: () => [sent],
    },
    region: "us-west-2",
    cassettes: new Map([...CASSETTES].filter(([id]) => id.startsWith("responses/gpt_text"))),
    print: (line) => void lines.push(line),
  });
  return lines;
}

/** Asserts that no line shows the credential, as it is or as it was encoded. */
function assertNotShown(lines: readonly string[], sent: string, ways: readonly Spelling[]): void {
  const written = spelled(sent, ways);
  for (const line of lines) {
    assertSilent(line, "a line");
    assert.ok(
      !line.includes(written) && !line.includes(JSON.stringify(written).slice(1, -1)),
      line,
    );
  }
}

property(
  "a credential is not recorded from a response, however it is encoded and wherever it is",
  150,
  fc.record({ secret, spelling, place, cuts }),
  ({ secret, spelling, place, cuts }) => {
    const text = PLACES[place](`It was ${spelled(secret, spelling)}.`);
    assertRefused(responseWith(text, cut(text, cuts), "application/json"), secret);
  },
);

property(
  "a credential is not recorded from the pieces of a stream, however they are cut",
  150,
  fc.record({ secret, spelling, events: cuts, chunks: cuts, inTurns: fc.boolean() }),
  ({ secret, spelling, events, chunks, inTurns }) => {
    const text = streamOf(cut(`(${spelled(secret, spelling)})`, events), inTurns);
    assertRefused(responseWith(text, cut(text, chunks), "text/event-stream"), secret);
  },
);

property(
  "a credential is not printed from a response, however it is encoded",
  60,
  fc.record({ secret, spelling, status: fc.constantFrom(200, 401) }),
  async ({ secret, spelling, status }) => {
    const written = spelled(secret, spelling);
    const error = { code: "invalid_api_key", message: `Not valid: ${written}.` };
    const text = JSON.stringify({ error, [written]: 1 });
    assertNotShown(await linesOf(text, status, secret), secret, spelling);
  },
);

property(
  "no character of a response controls a terminal or reverses a line",
  60,
  fc.record({
    text: mutated("\x1b[2J\x9b31m", "\u202egnp.exe", "\x7f\r\n\x00"),
    status: fc.constantFrom(200, 401),
  }),
  async ({ text, status }) => {
    const error = { code: "invalid_api_key", message: text };
    const body = JSON.stringify({ error, [text]: 1 });
    for (const line of await linesOf(body, status, SECRETS.apiKey)) {
      assert.doesNotMatch(line, /[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/u);
    }
  },
);
