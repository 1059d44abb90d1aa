import type { Capability, Case, SubjectOptions } from "../case.ts";
import { equal, ok } from "../check.ts";
import { changesOptions, sendsWhenRefused } from "../subjects/faults.ts";
import { ask, empty, evenIfRefused, refuses } from "./steps.ts";
import { BEDROCK_SOURCE, NODE_2410 } from "./sources.ts";

const MANTLE_HOST = "https://bedrock-mantle.us-west-2.api.aws";
const BEARER = { apiKey: "example-token" };

interface Refused {
  readonly id: string;
  readonly title: string;
  readonly source?: string;
  readonly own?: true;
  readonly needs?: readonly Capability[];
  readonly options: Readonly<Record<string, SubjectOptions>>;
}

function refusal({ id, needs = [], source = BEDROCK_SOURCE, options, ...rest }: Refused) {
  return {
    id: `endpoint/${id}`,
    source,
    ...rest,
    needs: ["respond", ...needs],
    handle: empty,
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
    title: "Without a region and a base URL nothing is sent, not even to a default host",
    source: "langchain-ai/langchain-aws@0434c7f9 libs/aws/langchain_aws/chat_models/openai.py",
    options: { "no region": {} },
  },
  {
    id: "hostile-base-urls",
    title: "A base URL without a host or with another scheme is refused",
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
    options: { "user information": { baseURL: "https://user:password@gateway.example/v1" } },
  },
  {
    id: "host-of-another-region",
    title: "A canonical host of a region other than the configured one is refused",
    options: { "another region": { baseURL: `${MANTLE_HOST}/openai/v1`, region: "eu-west-1" } },
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
    title: "AWS's own hosts are never contacted over plain http",
    options: {
      "plain http": { baseURL: "http://bedrock-mantle.us-west-2.api.aws/v1", region: "us-west-2" },
    },
  },
  {
    id: "custom-host-without-family",
    title: "Requests to a custom host are not signed unless its service is known",
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

/** The ways to set the region: an option, or variables. */
const SOURCES: Readonly<Record<string, (region: string) => SubjectOptions>> = {
  "": (region) => ({ region }),
  "-in-variables": (region) => ({ env: { AWS_REGION: region, AWS_DEFAULT_REGION: region } }),
};

const hostileRegions = Object.entries(SOURCES).map(([suffix, optionsFor]): Case => ({
  id: `endpoint/hostile-regions${suffix}`,
  title: `A region${suffix && " in a variable"} never leads to another host`,
  source: NODE_2410,
  needs: suffix ? ["respond", "variables"] : ["respond"],
  handle: empty,
  async run(subject, context) {
    for (const region of HOSTILE_REGIONS) {
      const options = { ...BEARER, ...optionsFor(region) };
      const connected = subject.connect(options, context.fetch);
      await evenIfRefused(connected.then((connection) => ask(connection, { maxRetries: 0 })));
    }
    for (const { url } of context.sent) {
      ok(/^bedrock-mantle\.[a-z0-9-]+\.api\.aws$/.test(new URL(url).host), `Sent to ${url}`);
    }
  },
  negative: changesOptions(({ apiKey }) => ({ apiKey, baseURL: "https://evil.example" })),
}));

const beforeLookup: Case = {
  id: "endpoint/mismatch-before-lookup",
  title:
    "A host of a region other than the configured one is refused before credentials are looked up",
  source: "https://github.com/earendil-works/pi/issues/3487",
  needs: ["respond", "sigv4"],
  handle: empty,
  async run(subject, context) {
    let lookups = 0;
    const credentialProvider = async () => (lookups++, context.credentials);
    const options = { baseURL: `${MANTLE_HOST}/openai/v1`, region: "eu-west-1" };
    await refuses(subject, context, { ...options, credentialProvider }, "another region");
    equal(lookups, 0, "Lookups");
  },
  negative: changesOptions(({ region: _, ...rest }) => ({ ...rest, region: "us-west-2" })),
};

export const endpointRefusals: readonly Case[] = [
  ...refusals.map(refusal),
  ...hostileRegions,
  beforeLookup,
];
