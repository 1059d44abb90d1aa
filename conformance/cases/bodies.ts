import type { Case, Context, Subject, SubjectOptions } from "../case.ts";
import { equal, ok } from "../check.ts";
import { changesOptions, changesRequest, sendsWhenRefused } from "../subjects/faults.ts";
import { failureOf } from "./failures.ts";
import { verifies } from "./signature.ts";
import { call, empty, last, withToken } from "./steps.ts";
import { BEDROCK_GUIDE } from "./sources.ts";

const encode = (text: string) => new TextEncoder().encode(text);

/** The body, in pieces that end inside a character. */
const TEXT = '{"input":"Grüße"}';
const BYTES = encode(TEXT);
const PIECES = [BYTES.slice(0, 13), BYTES.slice(13)];

function streamOf(pieces: readonly Uint8Array[]): ReadableStream<Uint8Array> {
  const left = [...pieces];
  return new ReadableStream({
    pull(controller) {
      const piece = left.shift();
      if (piece) controller.enqueue(piece);
      else controller.close();
    },
  });
}

async function* generated(): AsyncGenerator<Uint8Array> {
  yield* PIECES;
}

const BODIES: Readonly<Record<string, () => unknown>> = {
  "a stream": () => streamOf(PIECES),
  "a blob's stream": () => new Blob([BYTES]).stream(),
  "a generator": generated,
};

async function send(subject: Subject, context: Context, options: SubjectOptions, body: unknown) {
  const connection = await subject.connect(options, context.fetch);
  await call(connection, "POST", "/responses", { body, maxRetries: 0 });
}

const withKeys = ({ region, credentials }: Context) => ({ region, ...credentials });

interface Sent {
  readonly id: string;
  readonly title: string;
  readonly options: SubjectOptions;
  /** True if the signature does not cover the body. */
  readonly unsigned?: boolean;
  readonly negative: Case["negative"];
}

function sentWith({ options, unsigned = false, ...about }: Sent): Case {
  return {
    ...about,
    id: `bodies/${about.id}`,
    source: BEDROCK_GUIDE,
    own: true,
    needs: ["call", "sigv4", "streamBodies"],
    handle: empty,
    async run(subject, context) {
      for (const [what, body] of Object.entries(BODIES)) {
        await send(subject, context, { ...withKeys(context), ...options }, body());
        const request = last(context);
        equal(new TextDecoder().decode(request.body), TEXT, `Body of ${what}`);
        const sent = request.headers.get("x-amz-content-sha256");
        equal(sent === "UNSIGNED-PAYLOAD", unsigned, "Unsigned payload");
        await verifies(request, context, { credentials: context.credentials });
      }
    },
  };
}

const altered = changesRequest(async (request) => {
  const body = await new Response(request.body).text();
  request.body = body.replace("Gr", "gr");
});

const sentBodies: readonly Sent[] = [
  {
    id: "stream-unsigned",
    title: "If the program allows it, a stream is sent complete and unsigned over https",
    options: { unsignedPayload: true },
    unsigned: true,
    negative: changesOptions(({ unsignedPayload: _, ...rest }) => ({ ...rest, bufferLimit: 100 })),
  },
  {
    id: "stream-buffered",
    title: "A stream as long as the buffer limit is signed for its actual bytes",
    options: { bufferLimit: BYTES.length },
    negative: altered,
  },
];

interface Refused {
  readonly id: string;
  readonly title: string;
  readonly options: SubjectOptions;
}

function refused({ options, ...about }: Refused): Case {
  return {
    ...about,
    id: `bodies/${about.id}`,
    source: BEDROCK_GUIDE,
    own: true,
    needs: ["call", "sigv4", "streamBodies"],
    handle: empty,
    async run(subject, context) {
      for (const body of Object.values(BODIES)) {
        const attempt = send(subject, context, { ...withKeys(context), ...options }, body());
        const { code } = await failureOf(attempt) as { code?: unknown };
        equal(code, "body_not_replayable", "Code");
      }
      equal(context.sent.length, 0, "Requests");
    },
    negative: sendsWhenRefused,
  };
}

const refusals: readonly Refused[] = [
  {
    id: "stream-without-options",
    title: "With keys, a stream is refused if it may be neither buffered nor sent unsigned",
    options: {},
  },
  {
    id: "stream-unsigned-over-http",
    title: "A stream is never sent unsigned over plain http",
    options: { endpoint: "mantle", baseURL: "http://127.0.0.1:9/v1", unsignedPayload: true },
  },
  {
    id: "stream-beyond-the-limit",
    title: "A stream that is one byte longer than the buffer limit is refused",
    options: { bufferLimit: BYTES.length - 1 },
  },
];

const endless: Case = {
  id: "bodies/endless-stream-is-given-up",
  title: "A stream that exceeds the buffer limit is cancelled, and read no further",
  source: "https://github.com/Portkey-AI/gateway/issues/819",
  own: true,
  needs: ["call", "sigv4", "streamBodies"],
  handle: empty,
  async run(subject, context) {
    let [pulls, cancelled] = [0, false];
    const body = new ReadableStream({
      pull: (controller) => (pulls++, controller.enqueue(new Uint8Array(100))),
      cancel: () => void (cancelled = true),
    });
    const options = { ...withKeys(context), bufferLimit: 1_000 };
    await failureOf(send(subject, context, options, body));
    ok(pulls < 20 && cancelled, `Read ${pulls} times; cancelled: ${cancelled}`);
    equal(context.sent.length, 0, "Requests");
  },
  negative: changesOptions((options) => ({ ...options, bufferLimit: 100_000 })),
};

const withBearer: Case = {
  id: "bodies/stream-with-a-token",
  title: "A stream is sent complete with a bearer token",
  source: BEDROCK_GUIDE,
  own: true,
  needs: ["call", "streamBodies"],
  handle: empty,
  async run(subject, context) {
    for (const [what, body] of Object.entries(BODIES)) {
      await send(subject, context, withToken(context), body());
      equal(new TextDecoder().decode(last(context).body), TEXT, `Body of ${what}`);
    }
  },
  negative: altered,
};

export const bodies: readonly Case[] = [
  ...sentBodies.map(sentWith),
  ...refusals.map(refused),
  endless,
  withBearer,
];
