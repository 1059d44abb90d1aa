import assert from "node:assert/strict";
import { test } from "node:test";
import { resolveEndpoint } from "../../src/endpoint/endpoint.ts";
import { type EndpointOptions, validateOptions } from "../../src/options.ts";
import { readEnvironment } from "../../src/platform/environment.ts";
import { refuses } from "../support/refusal.ts";

type Variables = Record<string, string>;

function resolve(options: EndpointOptions, variables: Variables = {}, sigv4 = false) {
  return resolveEndpoint(options, readEnvironment(variables), {
    isSigned: sigv4,
    profileRegion: undefined,
  });
}

test("the Mantle endpoint is the default and is derived from the region", () => {
  assert.deepEqual(resolve({ region: "us-west-2" }), {
    family: "mantle",
    region: "us-west-2",
    baseURL: "https://bedrock-mantle.us-west-2.api.aws/openai/v1",
    derived: true,
    service: "bedrock-mantle",
    sources: {
      family: "the default",
      region: "`region`",
      baseURL: "derived from endpoint and region",
    },
  });
});

test("every part of an endpoint names what it was taken from", () => {
  const host = "https://bedrock-runtime.ap-south-1.amazonaws.com/openai/v1";
  const profile = { isSigned: true, profileRegion: () => "eu-north-1" };
  const sources = [
    resolve({ endpoint: "runtime" }, { AWS_DEFAULT_REGION: "us-west-2" }),
    resolve({}, { AWS_REGION: "ap-south-1", AWS_BEDROCK_BASE_URL: host }),
    resolve({ baseURL: host }),
    resolve({ baseURL: "https://gateway.example/v1" }),
    resolveEndpoint({}, readEnvironment({}), profile),
  ].map(({ sources: { family, region, baseURL } }) => [family, region, baseURL]);
  const derived = "derived from endpoint and region";
  assert.deepEqual(sources, [
    ["`endpoint`", "AWS_DEFAULT_REGION", derived],
    ["the host of the base URL", "AWS_REGION", "AWS_BEDROCK_BASE_URL"],
    ["the host of the base URL", "the host of the base URL", "`baseURL`"],
    ["the default", undefined, "`baseURL`"],
    ["the default", "the AWS profile", derived],
  ]);
});

test("the Runtime endpoint is derived with the suffix of the region's partition", () => {
  const suffixes = {
    "us-east-1": "amazonaws.com",
    "us-gov-west-1": "amazonaws.com",
    "cn-north-1": "amazonaws.com.cn",
    "eusc-de-east-1": "amazonaws.eu",
    "us-iso-east-1": "c2s.ic.gov",
    "us-isob-east-1": "sc2s.sgov.gov",
    "eu-isoe-west-1": "cloud.adc-e.uk",
    "us-isof-south-1": "csp.hci.ic.gov",
  };
  for (const [region, suffix] of Object.entries(suffixes)) {
    const { baseURL, service } = resolve({ region, endpoint: "runtime" });
    assert.equal(baseURL, `https://bedrock-runtime.${region}.${suffix}/openai/v1`);
    assert.equal(service, "bedrock");
  }
});

test("the region comes from the option, AWS_REGION, AWS_DEFAULT_REGION, then the host", () => {
  const variables = { AWS_REGION: "us-east-2", AWS_DEFAULT_REGION: "eu-west-1" };
  const host = "https://bedrock-mantle.ap-south-1.api.aws/v1";
  assert.equal(resolve({ region: "us-west-2" }, variables).region, "us-west-2");
  assert.equal(resolve({}, variables).region, "us-east-2");
  assert.equal(resolve({}, { ...variables, AWS_REGION: " " }).region, "eu-west-1");
  assert.equal(resolve({ baseURL: host }, {}, true).region, "ap-south-1");
});

test("the region of the profile is asked for last, and only when AWS credentials sign", () => {
  const asked: string[] = [];
  const ask = (options: EndpointOptions, sigv4: boolean) =>
    resolveEndpoint(options, readEnvironment({}), {
      isSigned: sigv4,
      profileRegion: () => (asked.push("profile"), "eu-north-1"),
    }).region;
  assert.equal(ask({}, true), "eu-north-1");
  assert.equal(asked.length, 1);
  assert.equal(ask({ region: "us-west-2" }, true), "us-west-2");
  assert.equal(ask({ baseURL: "https://gateway.example/v1" }, false), undefined);
  assert.equal(asked.length, 1);
});

test("no region anywhere is an error, with no silent default", () => {
  refuses(() => resolve({}), "region_missing", "`region`", "AWS_REGION", "AWS_DEFAULT_REGION");
  const custom = { baseURL: "https://gateway.example", endpoint: "mantle" } as const;
  refuses(() => resolve(custom, {}, true), "region_missing");
  assert.equal(resolve(custom).region, undefined);
});

test("a region that could form another host is refused", () => {
  const evil = [
    "us-east-1.evil",
    "a/b",
    "us-east-1@evil",
    "us-1#",
    "us?-1",
    "us east-1",
    "us-east-1\n.x",
  ];
  for (const region of [...evil, "US-EAST-1", "us-east-١", "localhost", "us-east-", "-1"]) {
    refuses(() => resolve({ region }), "region_invalid", "`region`");
    refuses(() => resolve({}, { AWS_REGION: region }), "region_invalid", "AWS_REGION");
  }
  refuses(() => resolve({ baseURL: "https://bedrock-mantle.evil.api.aws" }), "region_invalid");
});

test("a region that is refused is shown unless it may be a secret in the wrong place", () => {
  refuses(() => resolve({ region: "us-east-1.evil" }), "region_invalid", '"us-east-1.evil"');
  refuses(() => resolve({ region: "TOP-SECRET-VALUE" }), "region_invalid");
});

test("a key in the place of a host is not shown", () => {
  const baseURL = "http://ABSKTop0Secret0Value/v1";
  refuses(() => resolve({ baseURL }), "base_url_invalid", "to (hidden: it looks like a key) would");
});

test("the region of the profile is checked like any other", () => {
  const context = { isSigned: true, profileRegion: () => "us-east-1.evil" };
  const ask = () => resolveEndpoint({}, readEnvironment({}), context);
  refuses(ask, "region_invalid", "the AWS profile");
});

test("blank options are refused by name", () => {
  for (const options of [{ region: " " }, { baseURL: "" }, { endpoint: "Mantle" }]) {
    const [name] = Object.keys(options);
    refuses(() => validateOptions(options), "option_invalid", `\`${name}\``);
  }
});

test("the base URL comes from the option, then the variable, which null skips", () => {
  const variables = { AWS_REGION: "us-west-2", AWS_BEDROCK_BASE_URL: "https://one.example/v1" };
  assert.equal(resolve({}, variables).baseURL, "https://one.example/v1");
  assert.equal(
    resolve({ baseURL: "https://two.example" }, variables).baseURL,
    "https://two.example",
  );
  const derived = "https://bedrock-mantle.us-west-2.api.aws/openai/v1";
  assert.equal(resolve({ baseURL: null }, variables).baseURL, derived);
  assert.equal(resolve({}, { ...variables, AWS_BEDROCK_BASE_URL: " " }).baseURL, derived);
});

test("a trailing slash and a /responses tail are cut from the base URL", () => {
  for (const tail of ["", "/", "//", "/responses", "/responses/", "/responses/resp_1/cancel"]) {
    assert.equal(
      resolve({ baseURL: `https://a.example/v1${tail}` }).baseURL,
      "https://a.example/v1",
    );
  }
  assert.equal(resolve({ baseURL: "https://a.example/" }).baseURL, "https://a.example");
  assert.equal(
    resolve({ baseURL: "https://a.example/responses-api" }).baseURL,
    "https://a.example/responses-api",
  );
});

test("user information, a query, a fragment or another scheme in the base URL is refused", () => {
  const texts = [
    "https://u:TOP-SECRET-VALUE@a.example",
    "https://u@a.example",
    "https://:TOP-SECRET-VALUE@a.example",
    "https://a.example?a=1",
  ];
  for (
    const baseURL of [
      ...texts,
      "https://a.example/#",
      "https://a.example/?",
      "ftp://a.example",
      "v1",
    ]
  ) {
    refuses(() => resolve({ baseURL }), "base_url_invalid", "`baseURL`");
  }
  refuses(
    () => resolve({}, { AWS_BEDROCK_BASE_URL: "v1" }),
    "base_url_invalid",
    "AWS_BEDROCK_BASE_URL",
  );
});

test("plain http is refused but to loopback, or where it is allowed by name", () => {
  for (const host of ["localhost:8080", "127.0.0.1", "127.9.9.9:1", "[::1]:99"]) {
    assert.equal(
      resolve({ baseURL: `http://${host}` }).baseURL,
      `http://${host}`.replace(/:80$/, ""),
    );
  }
  for (
    const host of ["a.example", "127.0.0.1.evil.example", "localhost.evil.example", "10.0.0.1"]
  ) {
    const baseURL = `http://${host}`;
    refuses(() => resolve({ baseURL }), "base_url_invalid", host, "allowInsecureHttp");
    assert.equal(resolve({ baseURL, allowInsecureHttp: true }).baseURL, baseURL);
  }
});

test("a canonical AWS host names its own family and region", () => {
  const hosts = {
    "bedrock-mantle.us-west-2.api.aws": ["mantle", "us-west-2"],
    "BEDROCK-MANTLE.us-west-2.api.aws.": ["mantle", "us-west-2"],
    "bedrock-runtime.us-east-1.amazonaws.com": ["runtime", "us-east-1"],
    "bedrock-runtime.us-east-1.api.aws": ["runtime", "us-east-1"],
    "bedrock-runtime-fips.us-gov-west-1.amazonaws.com": ["runtime", "us-gov-west-1"],
    "bedrock-runtime.cn-north-1.amazonaws.com.cn": ["runtime", "cn-north-1"],
    "bedrock-runtime.eusc-de-east-1.api.amazonwebservices.eu": ["runtime", "eusc-de-east-1"],
  };
  for (const [host, [family, region]] of Object.entries(hosts)) {
    const found = resolve({ baseURL: `https://${host}/openai/v1` }, {}, true);
    assert.deepEqual([found.family, found.region], [family, region], host);
  }
});

test("a canonical AWS host is never contradicted and never plain http", () => {
  const baseURL = "https://bedrock-runtime.us-east-1.amazonaws.com/openai/v1";
  refuses(() => resolve({ baseURL, endpoint: "mantle" }), "base_url_mismatch", "runtime");
  refuses(() => resolve({ baseURL, region: "us-west-2" }), "base_url_mismatch", "us-east-1");
  refuses(() => resolve({ baseURL }, { AWS_REGION: "us-west-2" }), "base_url_mismatch");
  const plain = { baseURL: baseURL.replace("https", "http"), allowInsecureHttp: true };
  refuses(() => resolve(plain), "base_url_invalid", "https");
});

test("a custom host under SigV4 needs an explicit endpoint", () => {
  const options = { baseURL: "https://gateway.example", region: "us-west-2" };
  refuses(() => resolve(options, {}, true), "endpoint_required", "`endpoint`");
  assert.equal(resolve({ ...options, endpoint: "runtime" }, {}, true).service, "bedrock");
  assert.equal(resolve(options).family, "mantle");
  for (
    const host of ["bedrock-mantle-fips.us-west-2.api.aws", "bedrock-mantle.us-west-2.api.aws.."]
  ) {
    refuses(
      () => resolve({ ...options, baseURL: `https://${host}` }, {}, true),
      "endpoint_required",
    );
  }
  const lookalike = {
    ...options,
    baseURL: "https://bedrock-mantle.us-west-2.api.aws.evil.example",
  };
  refuses(() => resolve(lookalike, {}, true), "endpoint_required");
});
