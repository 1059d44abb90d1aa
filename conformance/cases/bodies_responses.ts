import type { Case } from "../case.ts";
import { equal, ok, within } from "../check.ts";
import { changesResponse, keepsStreamsOpen } from "../subjects/faults.ts";
import { AT_ONCE_MS, call, derived, V1_MODEL, withToken } from "./steps.ts";
import { BIFROST_5871 } from "./sources.ts";

/** Successes that look like failures. */
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
  title: "A response of 200 arrives byte for byte and with its headers, whatever it contains",
  source: "https://fetch.spec.whatwg.org/#response-class",
  own: true,
  needs: ["fetch", "explains"],
  handle(_, count) {
    const [type, body] = SUCCESSES[count - 1] ?? ["", ""];
    return new Response(body, { headers: { "content-type": type, "x-own": "kept" } });
  },
  async run(subject, context) {
    const { fetch } = await subject.connect(derived(context), context.fetch);
    for (const [type, body] of SUCCESSES) {
      const url = `https://bedrock-mantle.${context.region}.api.aws/openai/v1/responses`;
      const response = await fetch?.(url, { method: "POST", body: "{}" });
      const { status, headers } = response ?? new Response();
      const found = [status, headers.get("content-type"), headers.get("x-own")];
      equal([...found, await response?.text()], [200, type, "kept", body], "Response");
    }
  },
  negative: changesResponse(async (response) => {
    const { status, headers } = response;
    return new Response(JSON.stringify({ text: await response.text() }), { status, headers });
  }),
};

const noContent: Case = {
  id: "bodies/no-content",
  title: "A response of 204 arrives without a body, whether it has a request id of AWS or not",
  source: "https://fetch.spec.whatwg.org/#null-body-status",
  needs: ["call"],
  handle: (_, count) =>
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
  negative: changesResponse(() =>
    new Response("{", { headers: { "content-type": "application/json" } })
  ),
};

const encode = (text: string) => new TextEncoder().encode(text);
const CREATED = `data: ${
  JSON.stringify({
    type: "response.created",
    response: { id: "resp_1", object: "response", created_at: 0, model: V1_MODEL, output: [] },
  })
}\n\n`;
const LINE = `data: {"type":"response.in_progress","padding":"${"x".repeat(1_000)}"}\n\n`;

/**
 * Creates an endless stream that counts reads, with a promise that resolves when it is
 * cancelled.
 */
function endless(first: string) {
  const reads = { count: 0 };
  let cancel = () => {};
  const cancelled = new Promise<void>((resolve) => cancel = resolve);
  const body = new ReadableStream({
    pull: (controller) => controller.enqueue(encode(reads.count++ ? LINE : first)),
    cancel,
  }, { highWaterMark: 0 });
  return { body, reads, cancelled };
}

const EVENTS = { headers: { "content-type": "text/event-stream" } };

/** Creates a handler that responds with such a stream, which can be inspected after the request. */
function endlessly(first: string) {
  let stream: ReturnType<typeof endless> | undefined;
  return {
    handle() {
      stream = endless(first);
      return new Response(stream.body, EVENTS);
    },
    stream() {
      ok(stream, "No request was made");
      return stream;
    },
  };
}

const FIRSTS = { "with-its-id": CREATED, "without-an-id": LINE };

const leftEarly = Object.entries(FIRSTS).map(([id, first]): Case => {
  const { handle, stream } = endlessly(first);
  return {
    id: `bodies/left-early-${id}`,
    title:
      `A streamed response ${
        id.replaceAll("-", " ")
      } is cancelled when the caller stops reading, ` +
      "even if it is watched for its id",
    source: BIFROST_5871,
    own: true,
    needs: ["streamResponse", "routes"],
    handle,
    async run(subject, context) {
      const connection = await subject.connect(derived(context), context.fetch);
      ok(connection.streamResponse, "The subject does not offer `streamResponse`");
      for await (const _ of connection.streamResponse({ model: V1_MODEL, input: "" })) break;
      await within(AT_ONCE_MS, stream().cancelled, "The stream is not cancelled");
    },
    negative: keepsStreamsOpen,
  };
});

const whole = endlessly(CREATED);

const notAhead: Case = {
  id: "bodies/not-read-ahead",
  title: "A response is not read ahead of its reader",
  source: "https://streams.spec.whatwg.org/#backpressure",
  own: true,
  needs: ["fetch", "routes"],
  handle: whole.handle,
  async run(subject, context) {
    const { fetch, baseURL } = await subject.connect(derived(context), context.fetch);
    const body = JSON.stringify({ model: V1_MODEL, stream: true });
    const response = await fetch?.(`${baseURL}/responses`, { method: "POST", body });
    const reader = response?.body?.getReader();
    await reader?.read();
    await new Promise((resolve) => setTimeout(resolve, 5));
    const { reads, cancelled } = whole.stream();
    ok(reads.count < 5, `The stream was read ${reads.count} times`);
    await reader?.cancel();
    await within(AT_ONCE_MS, cancelled, "The stream is not cancelled");
  },
  negative: changesResponse(({ status, headers, body }) => {
    const eager = new TransformStream(undefined, undefined, { highWaterMark: 100 });
    return new Response(body?.pipeThrough(eager), { status, headers });
  }),
};

export const responseBodies: readonly Case[] = [untouched, noContent, ...leftEarly, notAhead];
