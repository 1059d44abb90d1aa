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

test("every part of an endpoint names its source", () => {
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

test("the region of the profile comes last, and only where a region is needed", () => {
  const asked: string[] = [];
  const ask = (options: EndpointOptions, sigv4: boolean) =>
    resolveEndpoint(options, readEnvironment({}), {
      isSigned: sigv4,
      profileRegion: () => (asked.push("profile"), "eu-north-1"),
    }).region;
  assert.equal(ask({}, true), "eu-north-1");
  assert.equal(asked.length, 1);
  assert.equal(ask({}, false), "eu-north-1");
  asked.length = 1;
  assert.equal(ask({ region: "us-west-2" }, true), "us-west-2");
  assert.equal(ask({ baseURL: "https://gateway.example/v1" }, false), undefined);
  assert.equal(asked.length, 1);
});

test("a missing region is an error, not a silent default", () => {
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

test("a refused region is shown unless it may be a secret in the wrong place", () => {
  refuses(() => resolve({ region: "us-east-1.evil" }), "region_invalid", '"us-east-1.evil"');
  refuses(() => resolve({ region: "TOP-SECRET-VALUE" }), "region_invalid");
});

test("a key in place of a host is not shown", () => {
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

test("plain http is refused, except to loopback or if it is allowed explicitly", () => {
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

test("the host of a VPC endpoint names its own family and region, and no lookalike does", () => {
  const hosts = {
    "vpce-0a1b-2c3d.bedrock-mantle.us-west-2.vpce.amazonaws.com": ["mantle", "us-west-2"],
    "vpce-0a1b-us-east-1a.bedrock-runtime.us-east-1.vpce.amazonaws.com": ["runtime", "us-east-1"],
    "vpce-0a1b.bedrock-runtime.cn-north-1.vpce.amazonaws.com.cn": ["runtime", "cn-north-1"],
  };
  for (const [host, [family, region]] of Object.entries(hosts)) {
    const found = resolve({ baseURL: `https://${host}/openai/v1` }, {}, true);
    assert.deepEqual([found.family, found.region], [family, region], host);
  }
  for (
    const host of [
      "vpce-1.bedrock-mantle.us-west-2.vpce.api.aws",
      "vpce-1.bedrock-mantle.us-west-2.vpce.amazonaws.com.evil.example",
      "evil.vpce-1.bedrock-mantle.us-west-2.vpce.amazonaws.com",
    ]
  ) {
    const options = { baseURL: `https://${host}`, region: "us-west-2" };
    refuses(() => resolve(options, {}, true), "endpoint_required");
  }
});

test("AWS_BEDROCK_ENDPOINT sets the family unless the option does, and must agree with an AWS host", () => {
  const variables = (value: string) => ({ AWS_BEDROCK_ENDPOINT: value, AWS_REGION: "us-west-2" });
  const found = resolve({}, variables(" runtime "));
  assert.deepEqual([found.family, found.sources.family], ["runtime", "AWS_BEDROCK_ENDPOINT"]);
  assert.equal(resolve({ endpoint: "mantle" }, variables("runtime")).family, "mantle");
  assert.equal(resolve({}, variables(" ")).family, "mantle");
  const gateway = { ...variables("mantle"), AWS_BEDROCK_BASE_URL: "https://gateway.example/v1" };
  assert.equal(resolve({}, gateway, true).service, "bedrock-mantle");
  const baseURL = "https://bedrock-mantle.us-west-2.api.aws/v1";
  refuses(() => resolve({ baseURL }, variables("runtime")), "base_url_mismatch", "mantle");
  const url = variables("https://gateway.example/v1");
  refuses(() => resolve({}, url), "option_invalid", "AWS_BEDROCK_BASE_URL");
});
