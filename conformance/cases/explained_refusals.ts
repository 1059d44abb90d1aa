import type { Case, Connection } from "../case.ts";
import { equal, match, ok, rejects } from "../check.ts";
import { configures, onConnection } from "../subjects/faults.ts";
import { failureOf, keeps, speechless } from "./failures.ts";
import { onRuntime } from "./runtime.ts";
import { ask, derived, empty, last, withClient } from "./steps.ts";
import { BEDROCK_GUIDE, NODE_2377, NOTEBOOKS } from "./sources.ts";

const ELSEWHERE = "https://evil.example";

const redirects = [301, 302, 303, 307, 308].map((status): Case =>
  withClient({
    id: `explained/redirect-${status}`,
    title: `A redirect by ${status} is told with where it led to, and is not asked for again`,
    source: NODE_2377,
    own: true,
    needs: ["respond", "explains"],
    answer: () => new Response(null, { status, headers: { location: `${ELSEWHERE}/v1?secret=1` } }),
    async run(connection, { sent }) {
      const { message, status: found } = await failureOf(ask(connection)) as Failed;
      // Browsers hide the status and the target of what they do not follow
      ok(found === status || found === 502, `Status is ${found}`);
      match(message, /redirected/, "Message");
      ok(found === 502 || message.includes(`to ${ELSEWHERE}, `), `No target in "${message}"`);
      ok(!message.includes("secret"), "The query of the target is told");
      equal(sent.length, 1, "Requests");
    },
    negative: speechless,
  })
);

interface Failed {
  readonly status?: number;
  readonly code?: string;
  readonly message: string;
}

const code = (error: unknown) => (error as Failed).code;

const failedLookup: Case = {
  id: "explained/failed-lookup-arrives-once",
  title: "A lookup that failed is told by its code at once, and not as a lost connection",
  source: BEDROCK_GUIDE,
  own: true,
  needs: ["respond", "sigv4", "explains"],
  answer: empty,
  async run(subject, context) {
    let lookups = 0;
    const credentialProvider = () => {
      lookups++;
      return Promise.reject(new Error("The vault is sealed"));
    };
    const { region } = context;
    const connection = await subject.connect({ region, credentialProvider }, context.fetch);
    equal(code(await failureOf(ask(connection))), "credentials_failed", "Code");
    equal([lookups, context.sent.length], [1, 0], "Lookups and requests");
  },
  negative: onConnection(({ respond, ...rest }) => ({
    ...rest,
    respond: respond && ((...args) => respond(...args).catch(() => respond(...args))),
  })),
};

/** What a wrapper of `fetch` may make of a body, so that only `fetch` can refuse it. */
const toStream = (init: RequestInit) => ({ ...init, body: new Blob(["{}"]).stream() });

const refusedByFetch: Case = {
  id: "explained/refusal-of-fetch-arrives-once",
  title: "What fetch itself refuses is told by its code at once, and not as a lost connection",
  source: BEDROCK_GUIDE,
  own: true,
  needs: ["respond", "sigv4", "explains"],
  answer: empty,
  async run(subject, context) {
    let edits = 0;
    const edit = (init: RequestInit) => (edits++, toStream(init));
    const { region, credentials } = context;
    const connection = await subject.connect({ region, ...credentials, edit }, context.fetch);
    const error = await failureOf(ask(connection)) as Failed;
    equal([error.status, error.code], [400, "body_not_replayable"], "Status and code");
    equal([edits, context.sent.length], [1, 0], "Attempts and requests");
  },
  negative: configures(({ edit: _, ...rest }) => rest),
};

const refusedAnswer: Case = {
  id: "explained/refusal-is-an-answer",
  title: "What fetch refuses is an answer in OpenAI's envelope that says not to ask again",
  source: "openai/openai-node README.md",
  own: true,
  needs: ["fetch", "explains"],
  answer: empty,
  async run(subject, context) {
    const { fetch } = await subject.connect(derived(context), context.fetch);
    const answer = await fetch?.(`${ELSEWHERE}/v1/responses`);
    ok(answer, "The subject does not offer `fetch`");
    const { error } = await answer.json();
    const found = [answer.status, answer.headers.get("x-should-retry"), error.code, error.param];
    equal(found, [400, "false", "origin_mismatch", null], "Status, retry, code and param");
    match(error.message, /evil\.example/, "Message");
    equal(context.sent.length, 0, "Requests");
  },
  negative: speechless,
};

/** How a runtime says that a host has no address. */
const UNREACHABLE = "getaddrinfo ENOTFOUND";

const unserved: Case = {
  id: "explained/region-that-is-not-served",
  title: "A region that Mantle was not served in is asked, and is told where no connection came",
  source: "https://docs.aws.amazon.com/bedrock/latest/userguide/endpoints-region-availability.html",
  own: true,
  needs: ["respond", "explains"],
  answer(request, count) {
    if (count > 1) return empty(request, count) as Response;
    throw new TypeError(UNREACHABLE);
  },
  async run(subject, context) {
    const options = { ...derived(context), region: "us-west-1" };
    const connection = await subject.connect(options, context.fetch);
    const error = await failureOf(ask(connection, { maxRetries: 0 })) as Failed;
    equal([error.status, error.code], [502, "region_unserved"], "Status and code");
    match(error.message, /us-west-1.*us-west-2.*`endpoint: "runtime"`/s, "Message");
    equal(context.sent.length, 1, "Requests");
    await ask(connection);
    equal(new URL(last(context).url).host, "bedrock-mantle.us-west-1.api.aws", "Host");
  },
  negative: speechless,
};

const servedRegion: Case = {
  id: "explained/connection-that-failed",
  title: "A connection that failed in a region that is served is thrown as it is",
  source: "https://fetch.spec.whatwg.org/#fetch-method",
  own: true,
  needs: ["fetch", "explains"],
  answer() {
    throw new TypeError(UNREACHABLE);
  },
  async run(subject, context) {
    const { fetch } = await subject.connect(derived(context), context.fetch);
    const url = `https://bedrock-mantle.${context.region}.api.aws/openai/v1/models`;
    const error = await rejects(fetch?.(url) ?? Promise.resolve(), "It is answered");
    equal((error as Error).message, UNREACHABLE, "Message");
  },
  negative: onConnection(({ fetch, ...rest }) => ({
    ...rest,
    fetch: fetch && ((...args) => fetch(...args).catch(() => new Response(null, { status: 502 }))),
  })),
};

const nothingThere: Case = {
  id: "explained/success-that-is-none",
  title: "Bedrock Runtime's 200 for a path where nothing is becomes a 404 that says why",
  source: NOTEBOOKS,
  own: true,
  needs: ["respond", "chat", "runtime", "explains"],
  cassette: "runtime/unknown_operation",
  async run(subject, context) {
    const options = { ...onRuntime(context, "/v1"), apiKey: context.bearerToken };
    const connection = await subject.connect(options, context.fetch);
    const question = { model: "us.openai.gpt-5.6-luna", input: "Say hello!" };
    const ways = { responses: connection.respond, "chat/completions": connection.chat };
    for (const [path, way] of Object.entries(ways)) {
      const type = "UnknownOperationException";
      const message = `Bedrock Runtime serves nothing at /v1/${path}`;
      const error = await failureOf(way?.(question) ?? Promise.resolve());
      const { message: text } = keeps(error, { status: 404, code: type, type, message });
      match(text, /\/openai\/v1/, "Message");
    }
  },
  negative: onConnection(({ respond, chat, ...rest }: Connection): Connection => ({
    ...rest,
    respond: (...args) => respond?.(...args).catch(() => EMPTY) ?? Promise.resolve(EMPTY),
    chat: (...args) => chat?.(...args).catch(() => EMPTY) ?? Promise.resolve(EMPTY),
  })),
};

const EMPTY = { text: "", answer: {} };

export const explainedRefusals: readonly Case[] = [
  ...redirects,
  failedLookup,
  refusedByFetch,
  refusedAnswer,
  unserved,
  servedRegion,
  nothingThere,
];
