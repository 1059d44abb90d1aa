import type { Case, Connection } from "../case.ts";
import { equal, match, ok, rejects } from "../check.ts";
import { changesConnection, changesOptions } from "../subjects/faults.ts";
import { dropsMessages, failureOf, keepsError } from "./failures.ts";
import { onRuntime } from "./runtime.ts";
import { ask, derived, empty, last, withClient } from "./steps.ts";
import { BEDROCK_GUIDE, NODE_2377, NOTEBOOKS } from "./sources.ts";

const ELSEWHERE = "https://evil.example";

const redirects = [301, 302, 303, 307, 308].map((status): Case =>
  withClient({
    id: `explained/redirect-${status}`,
    title: `The error about a redirect with ${status} names its target, and there is no retry`,
    source: NODE_2377,
    own: true,
    needs: ["respond", "explains"],
    handle: () => new Response(null, { status, headers: { location: `${ELSEWHERE}/v1?secret=1` } }),
    async run(connection, { sent }) {
      const { message, status: found } = await failureOf(ask(connection)) as Failed;
      // Browsers hide status and target of redirects that they do not follow
      ok(found === status || found === 502, `Status is ${found}`);
      match(message, /redirected/, "Message");
      ok(found === 502 || message.includes(`to ${ELSEWHERE}, `), `No target in "${message}"`);
      ok(!message.includes("secret"), "The query of the target is shown");
      equal(sent.length, 1, "Requests");
    },
    negative: dropsMessages,
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
  title: "A failed lookup is reported at once with its code, and not as a lost connection",
  source: BEDROCK_GUIDE,
  own: true,
  needs: ["respond", "sigv4", "explains"],
  handle: empty,
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
  negative: changesConnection(({ respond, ...rest }) => ({
    ...rest,
    respond: respond && ((...args) => respond(...args).catch(() => respond(...args))),
  })),
};

/**
 * Replaces the body by a stream, as a wrapper of `fetch` may do, so that only `fetch` can refuse
 * it.
 */
const toStream = (init: RequestInit) => ({ ...init, body: new Blob(["{}"]).stream() });

const refusedByFetch: Case = {
  id: "explained/refusal-of-fetch-arrives-once",
  title: "A refusal by fetch is reported at once with its code, and not as a lost connection",
  source: BEDROCK_GUIDE,
  own: true,
  needs: ["respond", "sigv4", "explains"],
  handle: empty,
  async run(subject, context) {
    let edits = 0;
    const edit = (init: RequestInit) => (edits++, toStream(init));
    const { region, credentials } = context;
    const connection = await subject.connect({ region, ...credentials, edit }, context.fetch);
    const error = await failureOf(ask(connection)) as Failed;
    equal([error.status, error.code], [400, "body_not_replayable"], "Status and code");
    equal([edits, context.sent.length], [1, 0], "Attempts and requests");
  },
  negative: changesOptions(({ edit: _, ...rest }) => rest),
};

const refusalResponse: Case = {
  id: "explained/refusal-is-a-response",
  title: "A refusal by fetch is a response in OpenAI's envelope that forbids retries",
  source: "openai/openai-node README.md",
  own: true,
  needs: ["fetch", "explains"],
  handle: empty,
  async run(subject, context) {
    const { fetch } = await subject.connect(derived(context), context.fetch);
    const response = await fetch?.(`${ELSEWHERE}/v1/responses`);
    ok(response, "The subject does not offer `fetch`");
    const { status, headers } = response;
    const { error } = await response.json();
    const found = [status, headers.get("x-should-retry"), error.code, error.param];
    equal(found, [400, "false", "origin_mismatch", null], "Status, retry, code and param");
    match(error.message, /evil\.example/, "Message");
    equal(context.sent.length, 0, "Requests");
  },
  negative: dropsMessages,
};

/** A runtime's error about a host without an address. */
const UNREACHABLE = "getaddrinfo ENOTFOUND";

const unserved: Case = {
  id: "explained/region-that-is-not-served",
  title: "The error of a failed connection says if Mantle was not served in the region",
  source: "https://docs.aws.amazon.com/bedrock/latest/userguide/endpoints-region-availability.html",
  own: true,
  needs: ["respond", "explains"],
  handle(request, count) {
    if (count > 1) return empty(request, count) as Response;
    throw new TypeError(UNREACHABLE);
  },
  async run(subject, context) {
    const options = { ...derived(context), region: "us-west-1" };
    const connection = await subject.connect(options, context.fetch);
    const error = await failureOf(ask(connection, { maxRetries: 0 })) as Failed;
    equal([error.status, error.code], [502, "region_unserved"], "Status and code");
    match(error.message, /us-west-1.*us-west-2.*`endpoint` to "runtime"/s, "Message");
    equal(context.sent.length, 1, "Requests");
    await ask(connection);
    equal(new URL(last(context).url).host, "bedrock-mantle.us-west-1.api.aws", "Host");
  },
  negative: dropsMessages,
};

const servedRegion: Case = {
  id: "explained/connection-that-failed",
  title: "The error of a failed connection is thrown unchanged in a region that is served",
  source: "https://fetch.spec.whatwg.org/#fetch-method",
  own: true,
  needs: ["fetch", "explains"],
  handle() {
    throw new TypeError(UNREACHABLE);
  },
  async run(subject, context) {
    const { fetch } = await subject.connect(derived(context), context.fetch);
    const url = `https://bedrock-mantle.${context.region}.api.aws/openai/v1/models`;
    const error = await rejects(fetch?.(url) ?? Promise.resolve(), "It succeeded");
    equal((error as Error).message, UNREACHABLE, "Message");
  },
  negative: changesConnection(({ fetch, ...rest }) => ({
    ...rest,
    fetch: fetch && ((...args) => fetch(...args).catch(() => new Response(null, { status: 502 }))),
  })),
};

const nothingThere: Case = {
  id: "explained/success-that-is-none",
  title: "Bedrock Runtime's 200 for an unknown path becomes a 404 with an explanation",
  source: NOTEBOOKS,
  own: true,
  needs: ["respond", "chat", "runtime", "explains"],
  cassette: "runtime/unknown_operation",
  async run(subject, context) {
    const options = { ...onRuntime(context, "/v1"), apiKey: context.bearerToken };
    const connection = await subject.connect(options, context.fetch);
    const question = { model: "us.openai.gpt-5.6-luna", input: "Say hello!" };
    const operations = { responses: connection.respond, "chat/completions": connection.chat };
    for (const [path, operation] of Object.entries(operations)) {
      const type = "UnknownOperationException";
      const message = `Bedrock Runtime serves nothing at /v1/${path}`;
      const error = await failureOf(operation?.(question) ?? Promise.resolve());
      const { message: text } = keepsError(error, { status: 404, code: type, type, message });
      match(text, /\/openai\/v1/, "Message");
    }
  },
  negative: changesConnection(({ respond, chat, ...rest }: Connection): Connection => ({
    ...rest,
    respond: (...args) => respond?.(...args).catch(() => EMPTY) ?? Promise.resolve(EMPTY),
    chat: (...args) => chat?.(...args).catch(() => EMPTY) ?? Promise.resolve(EMPTY),
  })),
};

const EMPTY = { text: "", response: {} };

export const explainedRefusals: readonly Case[] = [
  ...redirects,
  failedLookup,
  refusedByFetch,
  refusalResponse,
  unserved,
  servedRegion,
  nothingThere,
];
