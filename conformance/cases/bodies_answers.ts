import type { Case } from "../case.ts";
import { equal, ok, within } from "../check.ts";
import { neverLeaves, receives } from "../subjects/faults.ts";
import { AT_ONCE_MS, call, derived, V1_MODEL, withToken } from "./steps.ts";
import { BIFROST_5871 } from "./sources.ts";

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

/** What answers a case with such a stream, and that stream once it was asked for. */
function endlessly(first: string) {
  let stream: ReturnType<typeof endless> | undefined;
  return {
    answer() {
      stream = endless(first);
      return new Response(stream.body, EVENTS);
    },
    asked() {
      ok(stream, "Nothing was asked");
      return stream;
    },
  };
}

const FIRSTS = { "with-its-id": CREATED, "without-an-id": LINE };

const leftEarly = Object.entries(FIRSTS).map(([id, first]): Case => {
  const { answer, asked } = endlessly(first);
  return {
    id: `bodies/left-early-${id}`,
    title:
      `A response that is streamed ${id.replaceAll("-", " ")} is cancelled where it is left, ` +
      "though its path is being noted",
    source: BIFROST_5871,
    own: true,
    needs: ["streamResponse", "routes"],
    answer,
    async run(subject, context) {
      const connection = await subject.connect(derived(context), context.fetch);
      ok(connection.streamResponse, "The subject does not offer `streamResponse`");
      for await (const _ of connection.streamResponse({ model: V1_MODEL, input: "" })) break;
      await within(AT_ONCE_MS, asked().cancelled, "The stream is not cancelled");
    },
    negative: neverLeaves,
  };
});

const whole = endlessly(CREATED);

const notAhead: Case = {
  id: "bodies/not-read-ahead",
  title: "An answer is read from its connection no further than its reader has read",
  source: "https://streams.spec.whatwg.org/#backpressure",
  own: true,
  needs: ["fetch", "routes"],
  answer: whole.answer,
  async run(subject, context) {
    const { fetch, baseURL } = await subject.connect(derived(context), context.fetch);
    const body = JSON.stringify({ model: V1_MODEL, stream: true });
    const answer = await fetch?.(`${baseURL}/responses`, { method: "POST", body });
    const reader = answer?.body?.getReader();
    await reader?.read();
    await new Promise((resolve) => setTimeout(resolve, 5));
    const { noted, cancelled } = whole.asked();
    ok(noted.pulls < 5, `The stream was read ${noted.pulls} times`);
    await reader?.cancel();
    await within(AT_ONCE_MS, cancelled, "The stream is not cancelled");
  },
  negative: receives(({ status, headers, body }) => {
    const eager = new TransformStream(undefined, undefined, { highWaterMark: 100 });
    return new Response(body?.pipeThrough(eager), { status, headers });
  }),
};

export const answerBodies: readonly Case[] = [untouched, noContent, ...leftEarly, notAhead];
