import type { Capability, Case, SubjectOptions } from "../case.ts";
import { equal } from "../check.ts";
import { changesRequest } from "../subjects/faults.ts";
import { empty, sentBy } from "./steps.ts";
import { BEDROCK_SOURCE, ENDPOINTS } from "./sources.ts";

const MANTLE_HOST = "https://bedrock-mantle.us-west-2.api.aws";
const BEARER = { apiKey: "example-token" };

const elsewhere = changesRequest((request) => void (request.url = "https://elsewhere.example/"));

interface Derivation {
  readonly id: string;
  readonly title: string;
  readonly source?: string;
  readonly own?: true;
  readonly needs?: readonly Capability[];
  readonly options: SubjectOptions;
  /** The full URL of the request. */
  readonly url: string;
}

function derivation(
  { id, needs = [], source = BEDROCK_SOURCE, options, url, ...rest }: Derivation,
) {
  const variables: Capability[] = options.env ? ["variables"] : [];
  const runtime: Capability[] = options.endpoint === "runtime" ? ["runtime"] : [];
  return {
    id: `endpoint/${id}`,
    source,
    ...rest,
    needs: ["respond", ...needs, ...variables, ...runtime],
    handle: empty,
    async run(subject, context) {
      equal((await sentBy(subject, context, options)).url, url, "URL");
    },
    negative: elsewhere,
  } satisfies Case;
}

const derivations: readonly Derivation[] = [
  {
    id: "mantle-is-the-default",
    title: "A region alone leads to its Mantle host, under /openai/v1 for a gpt-5 model",
    source: ENDPOINTS,
    options: { ...BEARER, region: "us-west-2" },
    url: `${MANTLE_HOST}/openai/v1/responses`,
  },
  {
    id: "govcloud-shares-the-suffix",
    title: "Mantle in GovCloud is served under api.aws too",
    source: ENDPOINTS,
    options: { ...BEARER, region: "us-gov-west-1" },
    url: "https://bedrock-mantle.us-gov-west-1.api.aws/openai/v1/responses",
  },
  {
    id: "region-option-wins",
    title: "The region option takes precedence over both variables",
    options: {
      ...BEARER,
      region: "us-west-2",
      env: { AWS_REGION: "eu-west-1", AWS_DEFAULT_REGION: "eu-west-2" },
    },
    url: `${MANTLE_HOST}/openai/v1/responses`,
  },
  {
    id: "region-from-aws-region",
    title: "AWS_REGION takes precedence over AWS_DEFAULT_REGION",
    options: { ...BEARER, env: { AWS_REGION: "us-west-2", AWS_DEFAULT_REGION: "eu-west-2" } },
    url: `${MANTLE_HOST}/openai/v1/responses`,
  },
  {
    id: "region-from-aws-default-region",
    title: "AWS_DEFAULT_REGION is used if AWS_REGION is not set",
    options: { ...BEARER, env: { AWS_DEFAULT_REGION: "us-west-2" } },
    url: `${MANTLE_HOST}/openai/v1/responses`,
  },
  {
    id: "base-url-option",
    title: "A base URL is used unchanged, whatever its path",
    options: { ...BEARER, baseURL: "https://gateway.example/team/v1" },
    url: "https://gateway.example/team/v1/responses",
  },
  {
    id: "base-url-from-variable",
    title: "AWS_BEDROCK_BASE_URL is used as the base URL",
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
    title: "A base URL that ends in /responses and a slash leads to the same URL",
    options: { ...BEARER, baseURL: "https://gateway.example/v1/responses/" },
    url: "https://gateway.example/v1/responses",
  },
  {
    id: "region-from-the-host",
    title: "With AWS keys, the region is read from a canonical host in the base URL",
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

export const endpoint: readonly Case[] = [
  ...derivations.map(derivation),
  ...runtimes.map(derivation),
];
