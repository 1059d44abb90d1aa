import type { Case, Context, SubjectOptions } from "../case.ts";
import { equal, ok, rejects } from "../check.ts";
import { changesHeader, sendsWhenRefused } from "../subjects/faults.ts";
import { printed } from "./printed.ts";
import { acceptsRefusals, GREETING, respond, showsRefusal } from "./service/steps.ts";
import { freshKey, HOUR_MS, shortTermKey } from "./short_term_key.ts";
import { ask, empty, hasBearer, refuses, sentBy, withToken } from "./steps.ts";
import { CODEX_28992, KEYS, TOKEN_GENERATOR } from "./sources.ts";

interface Accepted {
  readonly id: string;
  readonly title: string;
  readonly whose: keyof Pick<Context, "credentials" | "sessionCredentials">;
}

function accepted({ id, title, whose }: Accepted): Case {
  return {
    id: `keys/${id}`,
    title,
    source: TOKEN_GENERATOR,
    needs: ["respond"],
    mantle: {},
    async run(subject, context) {
      const apiKey = await freshKey(context[whose], context.region);
      const connection = await subject.connect({ ...withToken(context), apiKey }, context.fetch);
      equal(await ask(connection, { maxRetries: 0 }), GREETING, "Text");
    },
    negative: changesHeader("authorization", "Bearer another-token"),
  };
}

const letIn: readonly Accepted[] = [
  {
    id: "own-region-accepted",
    title: "A short-term key of the endpoint's region is accepted",
    whose: "credentials",
  },
  {
    id: "session-key-accepted",
    title: "A short-term key of session credentials is accepted",
    whose: "sessionCredentials",
  },
];

const otherRegion: Case = {
  id: "keys/other-region-is-not-sent",
  title: "A short-term key of another region is refused before it is sent, without being quoted",
  source: KEYS,
  own: true,
  needs: ["respond", "tokenProvider"],
  handle: empty,
  async run(subject, context) {
    const { region, credentials } = context;
    const key = await freshKey(credentials, "eu-west-1");
    const auths: Readonly<Record<string, SubjectOptions>> = {
      "a key of another region": { apiKey: key },
      "a provided key of another region": { tokenProvider: () => key },
    };
    for (const [what, auth] of Object.entries(auths)) {
      const error = await refuses(subject, context, { region, ...auth }, what);
      ok(!quotes(error, key), `The error about ${what} quotes it`);
    }
  },
  negative: sendsWhenRefused,
};

const expired: Case = {
  id: "keys/ended-key-is-told",
  title: "An expired short-term key is sent, and the service's message is reported",
  source: CODEX_28992,
  needs: ["respond"],
  mantle: {},
  async run(subject, context) {
    const { region, credentials, sent } = context;
    const terms = { region, time: Date.now() - 2 * HOUR_MS, expiresInSeconds: 3600 };
    const apiKey = await shortTermKey(credentials, terms);
    const connection = await subject.connect({ ...withToken(context), apiKey }, context.fetch);
    const error = await rejects(respond(connection), "The refusal counts as a success");
    showsRefusal(error, 401, ["invalid_api_key", "Signature expired: "], context);
    ok(!quotes(error, apiKey), "The error quotes the key");
    ok(sent.length > 0, "The key is not sent");
    for (const request of sent) hasBearer(request, apiKey);
  },
  negative: acceptsRefusals,
};

const longTerm: Case = {
  id: "keys/long-term-key-as-it-is",
  title: "A long-term key, which belongs to no region, is sent unchanged",
  source: KEYS,
  needs: ["respond"],
  handle: empty,
  async run(subject, context) {
    const apiKey = `ABSK${btoa("BedrockAPIKey-abcd-at-123456789012:example-secret")}`;
    hasBearer(await sentBy(subject, context, { region: context.region, apiKey }), apiKey);
  },
  negative: changesHeader("authorization", `Bearer ${btoa("BedrockAPIKey-abcd")}`),
};

/** Tells whether a value would print a key, by the end of the key, which is its signature. */
function quotes(value: unknown, key: string): boolean {
  return printed(value).includes(key.slice(-40));
}

export const keys: readonly Case[] = [...letIn.map(accepted), otherRegion, expired, longTerm];
