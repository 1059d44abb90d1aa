import assert from "node:assert/strict";
import { test } from "node:test";
import { fromCognitoIdentityPool, fromWebToken } from "@aws-sdk/credential-providers";
import { readEnvironment } from "../../src/platform/environment.ts";
import { COGNITO, placeService, STS } from "../../src/sts/endpoint.ts";
import { assumeRole, type AssumeRoleOptions, webIdentity } from "../../sts.ts";
import { refuses, rejects } from "../support/refusal.ts";

const ARN = "arn:aws:iam::123456789012:role/app";
const KEYS = { accessKeyId: "AKIDEXAMPLE", secretAccessKey: "secret" };

const REGIONS = [
  ...["us-east-1", "us-east-2", "us-west-1", "us-west-2", "eu-central-1", "ap-southeast-7"],
  ...["cn-north-1", "us-gov-west-1", "eusc-de-east-1", "us-iso-east-1", "us-isob-east-1"],
  ...["eu-isoe-west-1", "us-isof-south-1", "me-central-1"],
];

/** The host that AWS's own client would send to. */
async function hostOfAws(
  service: typeof STS,
  region: string,
  useFipsEndpoint: boolean,
  useDualstackEndpoint: boolean,
): Promise<string> {
  let host = "";
  const requestHandler = {
    handle: ({ hostname }: { hostname: string }) => {
      host = hostname;
      return Promise.reject(Object.assign(new Error("enough"), { name: "AbortError" }));
    },
  };
  const clientConfig = {
    region,
    useFipsEndpoint,
    useDualstackEndpoint,
    requestHandler,
    maxAttempts: 1,
  };
  const provider = service === STS
    ? fromWebToken({ roleArn: ARN, webIdentityToken: "token", clientConfig })
    : fromCognitoIdentityPool({
      identityPoolId: `${region}:0`,
      clientConfig,
      logins: { a: "token" },
    });
  await assert.rejects(provider);
  return host;
}

for (const service of [STS, COGNITO]) {
  test(`the host of ${service.name} is that of AWS's own client, in each partition`, async () => {
    for (const region of REGIONS) {
      for (
        const [fips, dualStack] of [[false, false], [true, false], [false, true], [true, true]]
      ) {
        const expected = await hostOfAws(service, region, fips!, dualStack!);
        assert.equal(
          service.host(region, fips!, dualStack!),
          expected,
          `${region} ${fips} ${dualStack}`,
        );
      }
    }
  });
}

const place = (options: Parameters<typeof placeService>[1], env: Record<string, string>) =>
  placeService(STS, options, "us-west-2", readEnvironment(env));

test("the URL of STS is the option's, then that of the variables, unless they are to be ignored", () => {
  const both = {
    AWS_ENDPOINT_URL_STS: "https://sts.example/a/",
    AWS_ENDPOINT_URL: "https://all.example",
  };
  const given = { endpoint: " https://vpce-1.sts.us-west-2.vpce.amazonaws.com " };
  assert.equal(place(given, both).url, "https://vpce-1.sts.us-west-2.vpce.amazonaws.com");
  assert.equal(place({}, both).url, "https://sts.example/a");
  assert.equal(place({}, { AWS_ENDPOINT_URL: both.AWS_ENDPOINT_URL }).url, "https://all.example");
  assert.equal(place({}, { ...both, AWS_ENDPOINT_URL_STS: " " }).url, "https://all.example");
  const ignored = { ...both, AWS_IGNORE_CONFIGURED_ENDPOINT_URLS: "true" };
  assert.equal(place({}, ignored).url, "https://sts.us-west-2.amazonaws.com");
  assert.equal(
    place({}, { AWS_USE_FIPS_ENDPOINT: "true" }).url,
    "https://sts-fips.us-west-2.amazonaws.com",
  );
  assert.equal(
    place({ fips: false }, { AWS_USE_FIPS_ENDPOINT: "true" }).url,
    "https://sts.us-west-2.amazonaws.com",
  );
  assert.equal(
    place({}, { AWS_USE_DUALSTACK_ENDPOINT: "TRUE" }).url,
    "https://sts.us-west-2.api.aws",
  );
});

test("a URL of STS is https, or http on this machine, and says what its region is", () => {
  const region = (endpoint: string) => place({ endpoint }, {}).region;
  assert.equal(region("http://127.0.0.1:8000"), "us-west-2");
  assert.equal(region("https://sts.eu-west-1.amazonaws.com"), "eu-west-1");
  assert.equal(region("https://sts-fips.us-east-2.amazonaws.com"), "us-east-2");
  assert.equal(region("https://vpce-1-2.sts.eu-west-3.vpce.amazonaws.com"), "eu-west-3");
  assert.equal(region("https://sts.amazonaws.com"), "us-east-1");
  for (
    const endpoint of [
      "http://sts.example",
      "sts.example",
      "ftp://sts.example",
      "https://u:p@sts.example",
      "https://sts.example/?a=b",
    ]
  ) {
    refuses(() => place({ endpoint }, {}), "base_url_invalid", "`stsEndpoint`");
    refuses(
      () => place({}, { AWS_ENDPOINT_URL_STS: endpoint }),
      "base_url_invalid",
      "AWS_ENDPOINT_URL_STS",
    );
  }
  const other = { endpoint: "https://sts.eu-west-1.amazonaws.com", region: "us-west-2" };
  refuses(() => place(other, {}), "base_url_mismatch", "eu-west-1", "`region`");
  for (const name of ["AWS_USE_FIPS_ENDPOINT", "AWS_USE_DUALSTACK_ENDPOINT"]) {
    const more = { [name]: "true" };
    refuses(
      () => place({ endpoint: "https://sts.example" }, more),
      "option_invalid",
      "`stsEndpoint`",
    );
  }
  refuses(
    () => place({}, { AWS_USE_FIPS_ENDPOINT: "yes" }),
    "option_invalid",
    "AWS_USE_FIPS_ENDPOINT",
  );
});

test("no region is guessed: what is needed and missing or wrong is said when a provider is made", async () => {
  const options = { roleArn: ARN, token: "token" };
  refuses(() => webIdentity({ ...options, env: {} }), "region_missing", "`region`", "AWS_REGION");
  refuses(
    () => webIdentity({ ...options, env: { AWS_REGION: "us-west-2a" } }),
    "region_invalid",
    "AWS_REGION",
  );
  refuses(() => webIdentity({ ...options, region: "Oregon", env: {} }), "region_invalid");
  const stsEndpoint = "http://127.0.0.1:1";
  webIdentity({ ...options, stsEndpoint, env: {} });
  const role: AssumeRoleOptions = { roleArn: ARN, credentials: KEYS, stsEndpoint, env: {} };
  await rejects(assumeRole(role)(), "region_missing", "`region`");
});
