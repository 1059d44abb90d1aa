import type { Capability, Case, SubjectOptions } from "../case.ts";
import { changesRequest } from "../subjects/faults.ts";
import { empty, hasBearer, hasKey, sentBy } from "./steps.ts";
import { BEDROCK_GUIDE, PYTHON_CASES } from "./sources.ts";

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

/** Creates a case of some settings, one of which must authenticate the request. */
function choice(
  { id, title, source = BEDROCK_GUIDE, needs = [], options, bearer, key }: Choice,
): Case {
  const variables: Capability[] = options.env ? ["variables"] : [];
  const sigv4: Capability[] = key ? ["sigv4"] : [];
  return {
    id: `auth/${id}`,
    title,
    source,
    needs: ["respond", ...needs, ...variables, ...sigv4],
    handle: empty,
    async run(subject, context) {
      const request = await sentBy(subject, context, { region: context.region, ...options });
      if (bearer !== undefined) hasBearer(request, bearer);
      if (key !== undefined) hasKey(request, key);
    },
    negative: changesRequest(({ headers }) => headers.set("authorization", OTHER)),
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
    title: "The result of a token provider is sent as a bearer token",
    needs: ["tokenProvider"],
    options: { tokenProvider: () => "provided-token" },
    bearer: "provided-token",
  },
  { id: "keys", title: "AWS keys sign the request", options: KEYS, key: "AKIDOPTION" },
  {
    id: "credential-provider",
    title: "The result of a credential provider signs the request",
    options: { credentialProvider: async () => ({ ...KEYS, accessKeyId: "AKIDPROVIDED" }) },
    key: "AKIDPROVIDED",
  },
  {
    id: "bearer-from-variable",
    title: "AWS_BEARER_TOKEN_BEDROCK authenticates if nothing else is set",
    options: { env: BEARER_VARIABLE },
    bearer: "variable-token",
  },
  {
    id: "keys-from-variables",
    title: "AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY sign if nothing else is set",
    options: { env: KEY_VARIABLES },
    key: "AKIDVARIABLE",
  },
  {
    id: "bearer-variable-before-key-variables",
    title: "AWS_BEARER_TOKEN_BEDROCK takes precedence over AWS keys in variables",
    source: PYTHON_CASES,
    options: { env: { ...KEY_VARIABLES, ...BEARER_VARIABLE } },
    bearer: "variable-token",
  },
  {
    id: "api-key-before-variables",
    title: "An API key takes precedence over every variable",
    source: PYTHON_CASES,
    options: { apiKey: "option-token", env: { ...KEY_VARIABLES, ...BEARER_VARIABLE } },
    bearer: "option-token",
  },
  {
    id: "keys-before-bearer-variable",
    title: "AWS keys as options take precedence over AWS_BEARER_TOKEN_BEDROCK",
    source: PYTHON_CASES,
    options: { ...KEYS, env: { ...KEY_VARIABLES, ...BEARER_VARIABLE } },
    key: "AKIDOPTION",
  },
  {
    id: "credential-provider-before-bearer-variable",
    title: "A credential provider takes precedence over AWS_BEARER_TOKEN_BEDROCK",
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
    title: "A bearer token works even if the selected profile does not exist",
    source: "https://github.com/BerriAI/litellm/pull/39411",
    options: { env: { ...BEARER_VARIABLE, AWS_PROFILE: "no-such-profile" } },
    bearer: "variable-token",
  },
];

export const auth: readonly Case[] = choices.map(choice);
