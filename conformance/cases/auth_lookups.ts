import type { Case, SentRequest } from "../case.ts";
import { equal, ok } from "../check.ts";
import { changesOptions, changesRequest } from "../subjects/faults.ts";
import { ask, empty, hasBearer, hasKey, last, sentBy } from "./steps.ts";
import { BEDROCK_GUIDE } from "./sources.ts";

const variableReread: Case = {
  id: "auth/bearer-variable-is-read-again",
  title: "The next request uses a bearer token that has changed in its variable",
  source: BEDROCK_GUIDE,
  needs: ["respond", "variables"],
  handle: empty,
  async run(subject, context) {
    const env = { AWS_BEARER_TOKEN_BEDROCK: "first-token" };
    const connection = await subject.connect({ region: context.region, env }, context.fetch);
    await ask(connection);
    hasBearer(last(context), "first-token");
    env.AWS_BEARER_TOKEN_BEDROCK = "second-token";
    await ask(connection);
    hasBearer(last(context), "second-token");
  },
  negative: changesOptions(({ env, ...rest }) => ({ ...rest, env: { ...env } })),
};

const OPENAI_VARIABLES = {
  OPENAI_API_KEY: "first-party-secret-1",
  OPENAI_ADMIN_KEY: "first-party-secret-2",
  OPENAI_ORG_ID: "first-party-secret-3",
  OPENAI_PROJECT_ID: "first-party-secret-4",
  OPENAI_BASE_URL: "https://first-party-secret-5.example/v1",
  OPENAI_CUSTOM_HEADERS: "x-own: first-party-secret-6\nauthorization: first-party-secret-7",
  OPENAI_WEBHOOK_SECRET: "first-party-secret-8",
};

const firstParty: Case = {
  id: "auth/first-party-variables-stay-home",
  title: "No variable for OpenAI itself reaches Bedrock",
  source: "https://github.com/anthropics/anthropic-sdk-typescript/pull/287",
  needs: ["respond", "variables", "sigv4"],
  handle: empty,
  async run(subject, context) {
    const { region, bearerToken: apiKey, credentials } = context;
    for (const auth of [{ apiKey }, credentials]) {
      const request = await sentBy(subject, context, { region, ...auth, env: OPENAI_VARIABLES });
      if ("apiKey" in auth) hasBearer(request, apiKey);
      else hasKey(request, credentials.accessKeyId);
      equal(trace(request), [], "Traces of first-party variables");
    }
  },
  negative: changesRequest(({ headers }) => headers.set("openai-project", "first-party-secret-4")),
};

function trace({ url, headers, body }: SentRequest): string[] {
  const everything = [url, ...[...headers].flat(), new TextDecoder().decode(body)];
  return everything.filter((text) => text.includes("first-party-secret"));
}

const lookupOnDemand: Case = {
  id: "auth/credentials-are-looked-up-on-demand",
  title: "No credential is looked up before a request needs one",
  source: BEDROCK_GUIDE,
  needs: ["respond", "sigv4"],
  handle: empty,
  async run(subject, context) {
    let lookups = 0;
    const { region, credentials } = context;
    const credentialProvider = () => (lookups++, credentials);
    const options = { region, credentialProvider };
    const connection = await subject.connect(options, context.fetch);
    equal(lookups, 0, "Lookups before the first request");
    await ask(connection);
    ok(lookups > 0, "The request was made without a lookup");
  },
  negative: changesOptions((options) => (options.credentialProvider?.(), options)),
};

export const authLookups: readonly Case[] = [variableReread, firstParty, lookupOnDemand];
