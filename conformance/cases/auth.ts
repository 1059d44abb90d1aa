import type { Capability, Case, SentRequest, SubjectOptions } from "../case.ts";
import { equal, ok } from "../check.ts";
import { configures, sends, sendsWhenRefused } from "../subjects/faults.ts";
import { ask, empty, hasBearer, hasKey, last, refuses, sentBy } from "./steps.ts";

const GUIDE = "openai/openai-node@7b7d6ca7 docs/bedrock.md";
const PYTHON_CASES = "openai/openai-python@e43b4224 tests/fixtures/bedrock_auth/v1/cases.json";
const KEYS = { accessKeyId: "AKIDOPTION", secretAccessKey: "example-option-secret" };
const KEY_VARIABLES = {
  AWS_ACCESS_KEY_ID: "AKIDVARIABLE",
  AWS_SECRET_ACCESS_KEY: "example-variable-secret",
};
const BEARER_VARIABLE = { AWS_BEARER_TOKEN_BEDROCK: "variable-token" };
const OTHER = "Bearer other-token";

interface Choice {
  readonly id: string;
  readonly title: string;
  readonly source?: string;
  readonly needs?: readonly Capability[];
  readonly options: SubjectOptions;
  /** The token or the access key that must authenticate. */
  readonly bearer?: string;
  readonly key?: string;
}

/** What is set, and which of it must authenticate the request. */
function choice({ id, title, source = GUIDE, needs = [], options, bearer, key }: Choice): Case {
  const variables: Capability[] = options.env ? ["variables"] : [];
  const sigv4: Capability[] = key ? ["sigv4"] : [];
  return {
    id: `auth/${id}`,
    title,
    source,
    needs: ["respond", ...needs, ...variables, ...sigv4],
    answer: empty,
    async run(subject, context) {
      const request = await sentBy(subject, context, { region: context.region, ...options });
      if (bearer !== undefined) hasBearer(request, bearer);
      if (key !== undefined) hasKey(request, key);
    },
    negative: sends(({ headers }) => headers.set("authorization", OTHER)),
  };
}

const choices: readonly Choice[] = [
  {
    id: "api-key",
    title: "An API key is sent as a bearer token",
    options: { apiKey: "option-token" },
    bearer: "option-token",
  },
  {
    id: "token-provider",
    title: "What a token provider resolves to is sent as a bearer token",
    needs: ["tokenProvider"],
    options: { tokenProvider: () => "provided-token" },
    bearer: "provided-token",
  },
  { id: "keys", title: "AWS keys sign the request", options: KEYS, key: "AKIDOPTION" },
  {
    id: "credential-provider",
    title: "What a credential provider resolves to signs the request",
    options: { credentialProvider: async () => ({ ...KEYS, accessKeyId: "AKIDPROVIDED" }) },
    key: "AKIDPROVIDED",
  },
  {
    id: "bearer-from-variable",
    title: "AWS_BEARER_TOKEN_BEDROCK authenticates where nothing else is set",
    options: { env: BEARER_VARIABLE },
    bearer: "variable-token",
  },
  {
    id: "keys-from-variables",
    title: "AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY sign where nothing else is set",
    options: { env: KEY_VARIABLES },
    key: "AKIDVARIABLE",
  },
  {
    id: "bearer-variable-before-key-variables",
    title: "AWS_BEARER_TOKEN_BEDROCK wins over AWS keys in variables",
    source: PYTHON_CASES,
    options: { env: { ...KEY_VARIABLES, ...BEARER_VARIABLE } },
    bearer: "variable-token",
  },
  {
    id: "api-key-before-variables",
    title: "An API key wins over every variable",
    source: PYTHON_CASES,
    options: { apiKey: "option-token", env: { ...KEY_VARIABLES, ...BEARER_VARIABLE } },
    bearer: "option-token",
  },
  {
    id: "keys-before-bearer-variable",
    title: "AWS keys as options win over AWS_BEARER_TOKEN_BEDROCK",
    source: PYTHON_CASES,
    options: { ...KEYS, env: { ...KEY_VARIABLES, ...BEARER_VARIABLE } },
    key: "AKIDOPTION",
  },
  {
    id: "credential-provider-before-bearer-variable",
    title: "A credential provider wins over AWS_BEARER_TOKEN_BEDROCK",
    source: PYTHON_CASES,
    options: { credentialProvider: () => KEYS, env: { ...KEY_VARIABLES, ...BEARER_VARIABLE } },
    key: "AKIDOPTION",
  },
  {
    id: "null-api-key-skips-the-variable",
    title: "An API key of null skips AWS_BEARER_TOKEN_BEDROCK",
    source: PYTHON_CASES,
    options: { apiKey: null, env: { ...KEY_VARIABLES, ...BEARER_VARIABLE } },
    key: "AKIDVARIABLE",
  },
  {
    id: "blank-variable-is-absent",
    title: "An empty AWS_BEARER_TOKEN_BEDROCK counts as absent",
    source: PYTHON_CASES,
    options: { env: { ...KEY_VARIABLES, AWS_BEARER_TOKEN_BEDROCK: "" } },
    key: "AKIDVARIABLE",
  },
  {
    id: "bearer-despite-a-broken-profile",
    title: "A profile that does not exist is no obstacle to a bearer token",
    source: "https://github.com/BerriAI/litellm/issues/39411",
    options: { env: { ...BEARER_VARIABLE, AWS_PROFILE: "no-such-profile" } },
    bearer: "variable-token",
  },
];

const conflicts: Readonly<Record<string, SubjectOptions>> = {
  "a token and keys": { apiKey: "option-token", ...KEYS },
  "a token and a credential provider": { apiKey: "option-token", credentialProvider: () => KEYS },
  "keys and a credential provider": { ...KEYS, credentialProvider: () => KEYS },
};

const halves: Readonly<Record<string, SubjectOptions>> = {
  "an access key id alone": { accessKeyId: KEYS.accessKeyId },
  "a secret access key alone": { secretAccessKey: KEYS.secretAccessKey },
  "a session token alone": { sessionToken: "example-session" },
};

const blanks: Readonly<Record<string, SubjectOptions>> = {
  "an empty API key": { apiKey: "" },
  "a blank API key": { apiKey: "  " },
  "an empty access key id": { accessKeyId: "", secretAccessKey: "secret" },
  "an empty secret access key": { accessKeyId: "AKIDOPTION", secretAccessKey: "" },
};

function refusal(
  id: string,
  title: string,
  options: Readonly<Record<string, SubjectOptions>>,
): Case {
  return {
    id: `auth/${id}`,
    title,
    source: PYTHON_CASES,
    needs: ["respond", "sigv4"],
    answer: empty,
    async run(subject, context) {
      for (const [what, each] of Object.entries(options)) {
        await refuses(subject, context, { region: context.region, ...each }, what);
      }
    },
    negative: sendsWhenRefused,
  };
}

const variableReread: Case = {
  id: "auth/bearer-variable-is-read-again",
  title: "A bearer token that changed in its variable is used by the next request",
  source: GUIDE,
  needs: ["respond", "variables"],
  answer: empty,
  async run(subject, context) {
    const env = { AWS_BEARER_TOKEN_BEDROCK: "first-token" };
    const connection = await subject.connect({ region: context.region, env }, context.fetch);
    await ask(connection);
    hasBearer(last(context), "first-token");
    env.AWS_BEARER_TOKEN_BEDROCK = "second-token";
    await ask(connection);
    hasBearer(last(context), "second-token");
  },
  negative: configures(({ env, ...rest }) => ({ ...rest, env: { ...env } })),
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
  title: "No variable that is meant for OpenAI itself reaches Bedrock",
  source: "https://github.com/anthropics/anthropic-sdk-typescript/pull/287",
  needs: ["respond", "variables"],
  answer: empty,
  async run(subject, context) {
    const options = { region: context.region, apiKey: "option-token", env: OPENAI_VARIABLES };
    const request = await sentBy(subject, context, options);
    hasBearer(request, "option-token");
    equal(trace(request), [], "Traces of first-party variables");
  },
  negative: sends(({ headers }) => headers.set("openai-project", "first-party-secret-4")),
};

function trace({ url, headers, body }: SentRequest): string[] {
  const everything = [url, ...[...headers].flat(), new TextDecoder().decode(body)];
  return everything.filter((text) => text.includes("first-party-secret"));
}

const lookupOnDemand: Case = {
  id: "auth/credentials-are-looked-up-on-demand",
  title: "No credential is looked up before a request needs one",
  source: GUIDE,
  needs: ["respond", "sigv4"],
  answer: empty,
  async run(subject, context) {
    let lookups = 0;
    const credentialProvider = () => (lookups++, KEYS);
    const options = { region: context.region, credentialProvider };
    const connection = await subject.connect(options, context.fetch);
    equal(lookups, 0, "Lookups before the first request");
    await ask(connection);
    ok(lookups > 0, "The request was made without a lookup");
  },
  negative: configures((options) => (options.credentialProvider?.(), options)),
};

export const auth: readonly Case[] = [
  ...choices.map(choice),
  refusal("two-modes-are-refused", "Two explicit ways to authenticate are refused", conflicts),
  refusal("half-a-key-pair-is-refused", "Half of a key pair is refused", halves),
  refusal("blank-credentials-are-refused", "Blank credentials are refused", blanks),
  variableReread,
  firstParty,
  lookupOnDemand,
];
