import assert from "node:assert/strict";
import { createServer, type Server } from "node:http";
import { type AddressInfo, createServer as createSocketServer } from "node:net";
import fc from "fast-check";
import OpenAI from "openai";
import { bedrock, type BedrockProviderOptions, type Fetch } from "../../mod.ts";
import { outcomeOf } from "./outcome.ts";
import { withPolluted } from "./pollution.ts";
import { property } from "./property.ts";
import { KEYS, SECRETS } from "./secrets.ts";
import { quietly } from "./views.ts";

/** Two servers: one is the base URL, and nobody is to connect to the other. */
interface Listeners {
  readonly trusted: string;
  readonly foreign: string;
  received: number;
  connections: number;
}

let started: Promise<Listeners> | undefined;

/** Starts the servers once; they keep no process alive. */
function listen(): Promise<Listeners> {
  return started ??= (async () => {
    const trusted = createServer((_, response) => {
      listeners.received++;
      response.end('{"data":[],"object":"list"}');
    });
    const foreign = createSocketServer((socket) => {
      listeners.connections++;
      socket.on("error", () => {});
      socket.end("HTTP/1.1 200 OK\r\ncontent-length: 2\r\n\r\n{}");
    });
    const origins = [await originOf(trusted), await originOf(foreign as Server)];
    const listeners = { trusted: origins[0]!, foreign: origins[1]!, received: 0, connections: 0 };
    return listeners;
  })();
}

async function originOf(server: Server): Promise<string> {
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  server.unref();
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}

type Where = "trusted" | "foreign";
const where = fc.constantFrom<Where>("trusted", "foreign");

/** Creates a function that returns one value first and another one later. */
function changing<T>(first: T, later: T): () => T {
  let reads = 0;
  return () => reads++ ? later : first;
}

/** Values that `.fetch` may be given as a URL, by name; `url` and `other` are the two servers. */
const INPUTS: Readonly<Record<string, (url: string, other: string) => unknown>> = {
  "text": (url) => url,
  "a boxed text": (url, other) => Object.assign(new String(url), { toString: () => other }),
  "a URL": (url) => new URL(url),
  "a URL with another href": (url, other) => Object.assign(new URL(url), { toJSON: () => other }),
  "a URL that says another text": (url, other) =>
    Object.defineProperties(new URL(url), {
      toString: { value: changing(url, other) },
      href: { get: changing(url, other) },
    }),
  "an object whose text changes": (url, other) => ({ toString: changing(url, other) }),
  "an object with a url": (url, other) => ({ url, href: other, toString: changing(url, other) }),
  "an array": (url) => [url],
  "a Request": (url) => new Request(url),
  "a Request with a body": (url) => new Request(url, { method: "POST", body: "{}" }),
  "a Request of a Request": (url, other) =>
    new Request(new Request(url), { method: "POST", body: "{}", url: other } as RequestInit),
  "a Request that says another url": (url, other) =>
    Object.defineProperty(new Request(url), "url", { value: other }),
  "a Request whose url changes": (url, other) =>
    Object.defineProperty(new Request(url), "url", { get: changing(other, url) }),
  "a Request of a class of its own": (url, other) =>
    new (class extends Request {
      override get url() {
        return other;
      }
    })(url),
  "a Request that clones another": (url, other) =>
    Object.assign(new Request(url, { method: "POST", body: "{}" }), {
      clone: () => new Request(other, { method: "POST", body: "{}" }),
    }),
  "a proxy of a Request": (url, other) =>
    new Proxy(new Request(url), {
      get: (target, name) => name === "url" ? other : Reflect.get(target, name, target),
    }),
  "an heir of Request": (url, other) =>
    Object.create(Request.prototype, {
      url: { value: url },
      method: { value: "GET" },
      headers: { value: new Headers() },
      body: { value: null },
      toString: { value: changing(url, other) },
    }),
};

/** The members of an init, as a caller may have them; `other` is the foreign server. */
const MEMBERS: Readonly<Record<string, (other: string) => unknown>> = {
  method: () => "POST",
  body: () => "{}",
  headers: (other) => ({ host: new URL(other).host, authorization: "Bearer placeholder" }),
  redirect: () => "follow",
  url: (other) => other,
  href: (other) => other,
  referrer: (other) => other,
  baseURL: (other) => other,
  input: (other) => other,
  keepalive: () => true,
  signal: () => new AbortController().signal,
};

/** Ways for an init to have its members. */
const SHAPES: Readonly<Record<string, (members: Record<string, unknown>) => object>> = {
  "its own": (members) => members,
  "without a prototype": (members) => Object.assign(Object.create(null), members),
  "of a prototype": (members) => Object.create(members),
  "of getters that change": (members) =>
    Object.defineProperties(
      {},
      Object.fromEntries(
        Object.entries(members).map(([name, value]) => [
          name,
          { enumerable: true, get: changing(value, name === "url" ? value : undefined) },
        ]),
      ),
    ),
  "of a class": (members) => {
    class Init {}
    for (const [name, value] of Object.entries(members)) {
      Object.defineProperty(Init.prototype, name, { get: () => value });
    }
    return new Init();
  },
  "of a proxy": (members) => new Proxy(members, {}),
  "of a trap": (members) => new Proxy({}, { get: (_, name) => members[`${String(name)}`] }),
};

/** Names that one careless merge of JSON may leave on every object. */
const POLLUTED = (
  "url href baseURL endpoint region input request headers method redirect apiKey fetch origin " +
  "host AWS_BEDROCK_BASE_URL AWS_REGION AWS_BEARER_TOKEN_BEDROCK"
).split(" ");

const call = fc.record({
  input: fc.constantFrom(...Object.keys(INPUTS)),
  where,
  path: fc.constantFrom("/v1/models", "/v1/responses", "/", "", "?a=b", "/v1/models#x"),
  init: fc.option(
    fc.record({
      members: fc.subarray(Object.keys(MEMBERS)),
      shape: fc.oneof(
        fc.constantFrom(...Object.keys(SHAPES)),
        fc.constantFrom("a Request", "a foreign Request"),
      ),
    }),
    { nil: undefined },
  ),
  polluted: fc.option(fc.constantFrom(...POLLUTED), { nil: undefined, freq: 3 }),
  options: fc.constantFrom("own", "inherited", "changing", "variables", "wrapped"),
  signed: fc.boolean(),
});
type FuzzedCall = typeof call extends fc.Arbitrary<infer T> ? T : never;

function makeInit(init: FuzzedCall["init"], { trusted, foreign }: Listeners): unknown {
  if (init === undefined) return undefined;
  const { members, shape } = init;
  const values = Object.fromEntries(members.map((name) => [name, MEMBERS[name]!(foreign)]));
  if (shape.endsWith("Request")) {
    const url = shape === "a Request" ? `${trusted}/v1/models` : `${foreign}/v1/models`;
    return new Request(url, { method: "POST", body: "{}" });
  }
  return SHAPES[shape]!(values);
}

/** Options that name the trusted server, in every way that they may be given. */
function makeOptions(
  { options, signed }: Pick<FuzzedCall, "options" | "signed">,
  { trusted, foreign }: Listeners,
): BedrockProviderOptions {
  const auth = signed ? KEYS : { apiKey: SECRETS.apiKey };
  const common = { region: "us-west-2", endpoint: "mantle", env: {}, ...auth } as const;
  const baseURL = `${trusted}/v1`;
  switch (options) {
    case "inherited":
      return Object.create({ ...common, baseURL });
    case "changing":
      return Object.defineProperty({ ...common }, "baseURL", {
        get: changing<string>(baseURL, `${foreign}/v1`),
      });
    case "variables":
      return { ...common, env: { AWS_BEDROCK_BASE_URL: baseURL } };
    case "wrapped": {
      const wrapped: Fetch = (input, init) => globalThis.fetch(input, init);
      return { ...common, baseURL, fetch: wrapped };
    }
    default:
      return { ...common, baseURL };
  }
}

/** Asserts that nobody has connected to the foreign server since this was last asked. */
function assertUntouched(listeners: Listeners): void {
  const { connections } = listeners;
  listeners.connections = 0;
  assert.equal(connections, 0, "the foreign server was connected to");
}

const isHonest = ({ input, where, init, polluted }: FuzzedCall) =>
  where === "trusted" && ["text", "a URL", "a Request"].includes(input) && !init && !polluted;

property(
  "nothing in the arguments, the options or the process leads fetch() to another server",
  2_000,
  call,
  async (made) => {
    const listeners = await listen();
    const { trusted, foreign } = listeners;
    const [url, other] = made.where === "trusted" ? [trusted, foreign] : [foreign, trusted];
    const input = INPUTS[made.input]!(url + made.path, other + made.path);
    const init = makeInit(made.init, listeners);
    const options = makeOptions(made, listeners);
    const before = listeners.received;
    const outcome = await quietly(() =>
      withPolluted(made.polluted, `${foreign}/v1`, () =>
        outcomeOf(async () => {
          const response = await bedrock(options).fetch(input as string, init as RequestInit);
          return [response.status, await response.text()];
        }))
    );
    assertUntouched(listeners);
    if (!isHonest(made)) return;
    assert.ok("value" in outcome, "an honest call failed");
    assert.equal(outcome.value[0], 200);
    assert.equal(listeners.received, before + 1);
  },
  3_000,
);

property(
  "no URL of a client leads the provider to another server",
  300,
  fc.record({
    input: fc.constantFrom(...Object.keys(INPUTS)),
    where,
    path: fc.constantFrom("/v1/models", "/", "?a=b"),
    whole: fc.boolean(),
    signed: fc.boolean(),
  }),
  async ({ input, where, path, whole, signed }) => {
    const listeners = await listen();
    const { trusted, foreign } = listeners;
    const [url, other] = where === "trusted" ? [trusted, foreign] : [foreign, trusted];
    const way = bedrock(makeOptions({ options: "own", signed }, listeners));
    const client = new OpenAI({ ...whole ? way : { provider: way }, maxRetries: 0 });
    client.buildURL = () => INPUTS[input]!(url + path, other + path) as string;
    await quietly(() => outcomeOf(async () => await client.models.list()));
    assertUntouched(listeners);
  },
  1_000,
);
