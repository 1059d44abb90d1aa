import type { Case } from "../case.ts";
import { equal, match, ok, within } from "../check.ts";
import { calls, configures, onConnection, receives } from "../subjects/faults.ts";
import { failureOf } from "./failures.ts";
import { derived } from "./routes.ts";
import { ask, AT_ONCE_MS, call, MODEL, V1_MODEL, withToken } from "./steps.ts";
import { chunksOf } from "./streams.ts";

/** Successes that look like failures of some kind. */
const SUCCESSES: readonly (readonly [type: string, body: string])[] = [
  ["application/json", '{ "message":"No",  "__type":"AccessDeniedException" }'],
  [
    "application/json",
    '{"Output":{"__type":"com.amazon.coral.service#UnknownOperationException"}}',
  ],
  ["application/json", '{"error":{"message":"Berm is not enabled for this account"}}\n'],
  ["text/event-stream", 'data: {"error":{"message":"is expired"}}\nevent: error\n\n'],
  ["text/plain", ""],
];

const untouched: Case = {
  id: "bodies/a-success-is-not-touched",
  title: "An answer of 200 arrives byte for byte with its headers, whatever it says",
  source: "https://fetch.spec.whatwg.org/#response-class",
  own: true,
  needs: ["fetch", "explains"],
  answer(_, count) {
    const [type, body] = SUCCESSES[count - 1] ?? ["", ""];
    return new Response(body, { headers: { "content-type": type, "x-own": "kept" } });
  },
  async run(subject, context) {
    const { fetch } = await subject.connect(derived(context), context.fetch);
    for (const [type, body] of SUCCESSES) {
      const url = `https://bedrock-mantle.${context.region}.api.aws/openai/v1/responses`;
      const answer = await fetch?.(url, { method: "POST", body: "{}" });
      const { status, headers } = answer ?? new Response();
      const found = [status, headers.get("content-type"), headers.get("x-own")];
      equal([...found, await answer?.text()], [200, type, "kept", body], "What arrived");
    }
  },
  negative: receives(async (answer) => {
    const { status, headers } = answer;
    return new Response(JSON.stringify({ text: await answer.text() }), { status, headers });
  }),
};

const noContent: Case = {
  id: "bodies/no-content",
  title: "An answer of 204, which has no body, arrives as one, with ids of AWS and without",
  source: "https://fetch.spec.whatwg.org/#null-body-status",
  needs: ["call"],
  answer: (_, count) =>
    new Response(null, {
      status: 204,
      headers: count % 2 ? {} : { "x-amzn-requestid": "11111111-2222-3333-4444-555555555555" },
    }),
  async run(subject, context) {
    const connection = await subject.connect(withToken(context), context.fetch);
    for (const count of [1, 2]) {
      await call(connection, "DELETE", "/responses/resp_1", { maxRetries: 0 });
      equal(context.sent.length, count, "Requests");
    }
  },
  negative: receives(() => new Response("{", { headers: { "content-type": "application/json" } })),
};

const encode = (text: string) => new TextEncoder().encode(text);
const CREATED = `data: ${
  JSON.stringify({
    type: "response.created",
    response: { id: "resp_1", object: "response", created_at: 0, model: V1_MODEL, output: [] },
  })
}\n\n`;
const LINE = `data: {"type":"response.in_progress","padding":"${"x".repeat(1_000)}"}\n\n`;

/** A stream without an end, which notes how often it is read, and tells when it is cancelled. */
function endless(first: string) {
  const noted = { pulls: 0 };
  let cancel = () => {};
  const cancelled = new Promise<void>((resolve) => cancel = resolve);
  const body = new ReadableStream({
    pull: (controller) => controller.enqueue(encode(noted.pulls++ ? LINE : first)),
    cancel,
  }, { highWaterMark: 0 });
  return { body, noted, cancelled };
}

const EVENTS = { headers: { "content-type": "text/event-stream" } };

let stream = endless(CREATED);

const FIRSTS = { "with-its-id": CREATED, "without-an-id": LINE };

const leftEarly = Object.entries(FIRSTS).map(([id, first]): Case => ({
  id: `bodies/left-early-${id}`,
  title: `A response that is streamed ${id.replaceAll("-", " ")} is cancelled where it is left, ` +
    "though its path is being noted, and is not read ahead",
  source: "https://github.com/maximhq/bifrost/issues/5871",
  own: true,
  needs: ["streamResponse", "routes"],
  answer: () => (stream = endless(first), new Response(stream.body, EVENTS)),
  async run(subject, context) {
    const connection = await subject.connect(derived(context), context.fetch);
    ok(connection.streamResponse, "The subject does not offer `streamResponse`");
    for await (const _ of connection.streamResponse({ model: V1_MODEL, input: "" })) break;
    const { noted, cancelled } = stream;
    await within(AT_ONCE_MS, cancelled, "The stream is not cancelled");
    ok(noted.pulls < 10, `The stream was read ${noted.pulls} times`);
  },
  negative: onConnection(({ streamResponse, ...rest }) => ({
    ...rest,
    streamResponse: streamResponse && ((...args) => {
      const events = streamResponse(...args)[Symbol.asyncIterator]();
      return { [Symbol.asyncIterator]: () => ({ next: () => events.next() }) };
    }),
  })),
}));

/** Comes in pieces, so many milliseconds apart; at last nothing comes any more. */
function pieces(gapMs: number, count: number, ends: boolean): Response {
  let left = count;
  const body = new ReadableStream({
    async pull(controller) {
      if (left-- > 0) {
        await new Promise((resolve) => setTimeout(resolve, gapMs));
        return controller.enqueue(encode(LINE));
      }
      if (ends) return controller.close();
      await new Promise(() => {});
    },
  }, { highWaterMark: 0 });
  return new Response(body, EVENTS);
}

const silent: Case = {
  id: "bodies/silent-stream-ends",
  title: "A stream that stays silent for longer than the limit ends in an error",
  source: "https://github.com/maximhq/bifrost/issues/5871",
  own: true,
  needs: ["streamChat", "idleTimeout"],
  waits: true,
  answer: () => pieces(1, 2, false),
  async run(subject, context) {
    const options = { ...withToken(context), idleTimeoutMs: 50 };
    const chunks = chunksOf(await subject.connect(options, context.fetch), MODEL);
    const error = await failureOf(within(4 * AT_ONCE_MS, chunks, "The stream goes on"));
    equal((error as Error).name, "TimeoutError", "Name of the error");
    match((error as Error).message, /50 ms/, "Message");
  },
  negative: configures(({ idleTimeoutMs: _, ...rest }) => rest),
};

const slow: Case = {
  id: "bodies/slow-stream-goes-on",
  title:
    "A stream that takes longer than the limit, but is never silent for so long, arrives whole",
  source: "https://github.com/maximhq/bifrost/issues/5871",
  own: true,
  needs: ["streamChat", "idleTimeout"],
  waits: true,
  answer: () => pieces(200, 4, true),
  async run(subject, context) {
    const options = { ...withToken(context), idleTimeoutMs: 600 };
    const chunks = await chunksOf(await subject.connect(options, context.fetch), MODEL);
    equal(chunks.length, 4, "Chunks");
  },
  negative: calls((options) => ({ ...options, signal: AbortSignal.timeout(600) })),
};

const silentAnswer: Case = {
  id: "bodies/silent-answer-ends",
  title: "An answer whose headers came, and whose body does not, ends in an error",
  source: "https://github.com/openai/openai-node/issues/2478",
  own: true,
  needs: ["respond", "idleTimeout"],
  waits: true,
  answer: () =>
    new Response(new ReadableStream(), { headers: { "content-type": "application/json" } }),
  async run(subject, context) {
    const options = { ...withToken(context), idleTimeoutMs: 50 };
    const asked = ask(await subject.connect(options, context.fetch), { maxRetries: 0 });
    // What reads a whole body in a browser makes another error of any
    await failureOf(within(4 * AT_ONCE_MS, asked, "The answer is waited for"));
  },
  negative: configures(({ idleTimeoutMs: _, ...rest }) => rest),
};

export const answerBodies: readonly Case[] = [
  untouched,
  noContent,
  ...leftEarly,
  silent,
  slow,
  silentAnswer,
];
