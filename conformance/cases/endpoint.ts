import type { Capability, Case, SubjectOptions } from "../case.ts";
import { equal, ok } from "../check.ts";
import { configures, sends, sendsWhenRefused } from "../subjects/faults.ts";
import { empty, refuses, sentBy } from "./steps.ts";

const OPENAI_NODE = "openai/openai-node@7b7d6ca7 src/internal/bedrock.ts";
const ENDPOINTS = "https://docs.aws.amazon.com/bedrock/latest/userguide/endpoints.html";
const MANTLE_HOST = "https://bedrock-mantle.us-west-2.api.aws";
const BEARER = { apiKey: "example-token" };

const elsewhere = sends((request) => void (request.url = "https://elsewhere.example/"));

interface Derivation {
  readonly id: string;
  readonly title: string;
  readonly source?: string;
  readonly own?: true;
  readonly needs?: readonly Capability[];
  readonly options: SubjectOptions;
  /** The URL that a response is asked of, in full. */
  readonly url: string;
}

function derivation({ id, needs = [], source = OPENAI_NODE, options, url, ...rest }: Derivation) {
  const variables: Capability[] = options.env ? ["variables"] : [];
  const runtime: Capability[] = options.endpoint === "runtime" ? ["runtime"] : [];
  return {
    id: `endpoint/${id}`,
    source,
    ...rest,
    needs: ["respond", ...needs, ...variables, ...runtime],
    answer: empty,
    async run(subject, context) {
      equal((await sentBy(subject, context, options)).url, url, "Asked");
    },
    negative: elsewhere,
  } satisfies Case;
}

const derivations: readonly Derivation[] = [
  {
    id: "mantle-is-the-default",
    title: "A region alone leads to Mantle's host in it, under /openai/v1 for a gpt-5 model",
    source: ENDPOINTS,
    options: { ...BEARER, region: "us-west-2" },
    url: `${MANTLE_HOST}/openai/v1/responses`,
  },
  {
    id: "govcloud-shares-the-suffix",
    title: "Mantle in GovCloud is served under api.aws as well",
    source: ENDPOINTS,
    options: { ...BEARER, region: "us-gov-west-1" },
    url: "https://bedrock-mantle.us-gov-west-1.api.aws/openai/v1/responses",
  },
  {
    id: "region-option-wins",
    title: "The region option wins over both variables",
    options: {
      ...BEARER,
      region: "us-west-2",
      env: { AWS_REGION: "eu-west-1", AWS_DEFAULT_REGION: "eu-west-2" },
    },
    url: `${MANTLE_HOST}/openai/v1/responses`,
  },
  {
    id: "region-from-aws-region",
    title: "AWS_REGION wins over AWS_DEFAULT_REGION",
    options: { ...BEARER, env: { AWS_REGION: "us-west-2", AWS_DEFAULT_REGION: "eu-west-2" } },
    url: `${MANTLE_HOST}/openai/v1/responses`,
  },
  {
    id: "region-from-aws-default-region",
    title: "AWS_DEFAULT_REGION serves where AWS_REGION is not set",
    options: { ...BEARER, env: { AWS_DEFAULT_REGION: "us-west-2" } },
    url: `${MANTLE_HOST}/openai/v1/responses`,
  },
  {
    id: "base-url-option",
    title: "A base URL is used as it is, whatever path it ends in",
    options: { ...BEARER, baseURL: "https://gateway.example/team/v1" },
    url: "https://gateway.example/team/v1/responses",
  },
  {
    id: "base-url-from-variable",
    title: "AWS_BEDROCK_BASE_URL serves as the base URL",
    options: { ...BEARER, env: { AWS_BEDROCK_BASE_URL: "https://gateway.example/v1" } },
    url: "https://gateway.example/v1/responses",
  },
  {
    id: "null-base-url-skips-the-variable",
    title: "A base URL of null skips AWS_BEDROCK_BASE_URL",
    options: {
      ...BEARER,
      region: "us-west-2",
      baseURL: null,
      env: { AWS_BEDROCK_BASE_URL: "https://gateway.example/v1" },
    },
    url: `${MANTLE_HOST}/openai/v1/responses`,
  },
  {
    id: "pasted-path-is-cut",
    title: "A base URL that was pasted with /responses and a slash leads to the same place",
    options: { ...BEARER, baseURL: "https://gateway.example/v1/responses/" },
    url: "https://gateway.example/v1/responses",
  },
  {
    id: "region-from-the-host",
    title: "With AWS keys, a canonical host in the base URL tells the region",
    source: "openai/openai-go bedrock",
    own: true,
    needs: ["sigv4"],
    options: {
      accessKeyId: "AKIDEXAMPLE",
      secretAccessKey: "example",
      baseURL: `${MANTLE_HOST}/v1`,
    },
    url: `${MANTLE_HOST}/v1/responses`,
  },
];

const PARTITIONS = {
  "us-west-2": "amazonaws.com",
  "us-gov-west-1": "amazonaws.com",
  "cn-north-1": "amazonaws.com.cn",
  "eusc-de-east-1": "amazonaws.eu",
  "us-iso-east-1": "c2s.ic.gov",
  "us-isob-east-1": "sc2s.sgov.gov",
  "eu-isoe-west-1": "cloud.adc-e.uk",
  "us-isof-south-1": "csp.hci.ic.gov",
};

const runtimes: readonly Derivation[] = Object.entries(PARTITIONS).map(([region, suffix]) => ({
  id: `runtime-in-${region}`,
  title: `Bedrock Runtime in ${region} is served under ${suffix}`,
  options: { ...BEARER, region, endpoint: "runtime" },
  url: `https://bedrock-runtime.${region}.${suffix}/openai/v1/responses`,
}));

interface Refused {
  readonly id: string;
  readonly title: string;
  readonly source?: string;
  readonly own?: true;
  readonly needs?: readonly Capability[];
  readonly options: Readonly<Record<string, SubjectOptions>>;
}

function refusal({ id, needs = [], source = OPENAI_NODE, options, ...rest }: Refused) {
  return {
    id: `endpoint/${id}`,
    source,
    ...rest,
    needs: ["respond", ...needs],
    answer: empty,
    async run(subject, context) {
      for (const [what, each] of Object.entries(options)) {
        const auth = each.accessKeyId || each.credentialProvider ? {} : BEARER;
        await refuses(subject, context, { ...auth, ...each }, what);
      }
    },
    negative: sendsWhenRefused,
  } satisfies Case;
}

const HOSTILE_REGIONS = [
  "us-west-2.evil.example",
  "us-west-2/../../",
  "evil.example/",
  "user@evil.example",
  "us-west-2#",
  "us-west-2?",
  "us west 2",
  "us-west-2\n",
  "us-west-\u0662",
  "..",
];

const refusals: readonly Refused[] = [
  {
    id: "no-region-no-host",
    title: "Without region and base URL nothing is sent, to no default host either",
    source: "langchain-ai/langchain-aws@0434c7f9 libs/aws/langchain_aws/chat_models/openai.py",
    options: { "no region": {} },
  },
  {
    id: "hostile-base-urls",
    title: "A base URL without a host, or of another scheme, is refused",
    source: "https://github.com/openai/openai-ruby/pull/391",
    options: Object.fromEntries(
      ["https://", "/v1", "mailto:x", "null", "file:///v1", "data:,x"].map((
        baseURL,
      ) => [`the base URL ${baseURL}`, { baseURL, region: "us-west-2" }]),
    ),
  },
  {
    id: "user-information-in-base-url",
    title: "A base URL with a user name or password in it is refused",
    source: "openai/openai-go bedrock",
    own: true,
    options: {
      "user information": { baseURL: "https://user:password@gateway.example/v1" },
    },
  },
  {
    id: "host-of-another-region",
    title: "A canonical host of another region than the one set is refused before any lookup",
    options: {
      "another region": { baseURL: `${MANTLE_HOST}/openai/v1`, region: "eu-west-1" },
    },
  },
  {
    id: "host-of-another-family",
    title: "A canonical host of the other endpoint family is refused",
    needs: ["runtime"],
    options: {
      "Mantle's host as Runtime": {
        baseURL: `${MANTLE_HOST}/openai/v1`,
        endpoint: "runtime",
        region: "us-west-2",
      },
      "Runtime's host as Mantle": {
        baseURL: "https://bedrock-runtime.us-west-2.amazonaws.com/openai/v1",
        endpoint: "mantle",
        region: "us-west-2",
      },
    },
  },
  {
    id: "canonical-host-over-http",
    title: "AWS's own host is never spoken to by plain http",
    options: {
      "plain http": { baseURL: "http://bedrock-mantle.us-west-2.api.aws/v1", region: "us-west-2" },
    },
  },
  {
    id: "custom-host-without-family",
    title: "A custom host is not signed for while the service behind it is unknown",
    needs: ["sigv4"],
    options: {
      "an unknown service": {
        baseURL: "https://gateway.example/v1",
        region: "us-west-2",
        accessKeyId: "AKIDEXAMPLE",
        secretAccessKey: "example",
      },
    },
  },
];

const hostileRegions: Case = {
  id: "endpoint/hostile-regions",
  title: "A region that would name another host never does",
  source: "https://github.com/openai/openai-node/pull/2410",
  needs: ["respond"],
  answer: empty,
  async run(subject, context) {
    for (const region of HOSTILE_REGIONS) {
      await sentBy(subject, context, { ...BEARER, region }).catch(() => {});
    }
    for (const { url } of context.sent) {
      ok(/^bedrock-mantle\.[a-z0-9-]+\.api\.aws$/.test(new URL(url).host), `Sent to ${url}`);
    }
  },
  negative: configures((options) => ({
    ...options,
    region: undefined,
    baseURL: "https://evil.example",
  })),
};

export const endpoint: readonly Case[] = [
  ...derivations.map(derivation),
  ...runtimes.map(derivation),
  ...refusals.map(refusal),
  hostileRegions,
];
