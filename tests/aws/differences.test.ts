import assert from "node:assert/strict";
import { test } from "node:test";
import { keySettings, keyVariables, section, temporary, USER_KEYS } from "../support/machine.ts";
import { type Lookup, lookUpBoth, type Reply, type SetUp } from "../support/side_by_side.ts";

/** A machine on which this module and AWS's package do not do the same, as `docs/` says. */
interface Difference {
  readonly claim: string;
  readonly setUp: SetUp;
  readonly ours: Outcome;
  readonly theirs: Outcome;
}

/** The access key that is found, or the name of an error, and what was sent. */
type Outcome = readonly [found: string, ...sent: string[]];

const OTHER = temporary("other");
const TIME = "2099-01-01T00:00:00Z";

const document = (accessKeyId: string, expiration = TIME): Reply => ({
  status: 200,
  body: JSON.stringify({
    AccessKeyId: accessKeyId,
    SecretAccessKey: "secret",
    Token: "token",
    Expiration: expiration,
  }),
});

const CONTAINER = { AWS_CONTAINER_CREDENTIALS_FULL_URI: "{url}/container" };
const IN_CONTAINER = { container: [document("ASIACONTAINER")] };

const INSTANCE = {
  AWS_EC2_METADATA_DISABLED: undefined,
  AWS_EC2_METADATA_SERVICE_ENDPOINT: "{url}",
};
const TOKEN = "PUT /latest/api/token";
const ROLES = "GET /latest/meta-data/iam/security-credentials/";
const ON_INSTANCE = {
  token: [{ status: 200, body: "issued" }],
  roles: [{ status: 200, body: "app" }],
  credentials: [document("ASIAINSTANCE")],
};

const WEB_IDENTITY = {
  AWS_ROLE_ARN: "arn:aws:iam::123456789012:role/app",
  AWS_WEB_IDENTITY_TOKEN_FILE: "{home}/token",
  AWS_ENDPOINT_URL_STS: "{url}",
};
const GRANTED: Reply = {
  status: 200,
  body: "<R><AssumeRoleWithWebIdentityResult><Credentials><AccessKeyId>ASIASTS</AccessKeyId>" +
    "<SecretAccessKey>secret</SecretAccessKey><SessionToken>token</SessionToken>" +
    `<Expiration>${TIME}</Expiration></Credentials></AssumeRoleWithWebIdentityResult></R>`,
};
const files = { token: "eyJ.token" };

const DIFFERENCES: readonly Difference[] = [
  {
    claim: "a profile that AWS_PROFILE names and that does not exist ends the search",
    setUp: { variables: { ...CONTAINER, AWS_PROFILE: "absent" }, replies: IN_CONTAINER },
    ours: ["credentials_failed"],
    theirs: ["ASIACONTAINER", "GET /container"],
  },
  {
    claim: "a profile that is passed as an option is never replaced by the role of a machine",
    setUp: { variables: CONTAINER, profile: "absent", replies: IN_CONTAINER },
    ours: ["credentials_failed"],
    theirs: ["ASIACONTAINER", "GET /container"],
  },
  {
    claim: "a blank variable is unset",
    setUp: {
      files: { ".aws/credentials": section("default", keySettings(USER_KEYS)) },
      variables: { ...CONTAINER, AWS_PROFILE: " " },
      replies: IN_CONTAINER,
    },
    ours: ["AKIAUSER"],
    theirs: ["ASIACONTAINER", "GET /container"],
  },
  {
    claim: "an empty variable does not hide a setting of the profile",
    setUp: {
      files: { ".aws/config": section("default", { ec2_metadata_v1_disabled: "true" }) },
      variables: { ...INSTANCE, AWS_EC2_METADATA_V1_DISABLED: "" },
      replies: { ...ON_INSTANCE, token: [{ status: 403 }] },
    },
    ours: ["credentials_failed", TOKEN],
    theirs: ["ASIAINSTANCE", TOKEN, ROLES, `${ROLES}app`],
  },
  {
    claim: "white space around a variable is cut",
    setUp: { variables: { ...keyVariables(USER_KEYS), AWS_ACCESS_KEY_ID: " AKIAUSER " } },
    ours: ["AKIAUSER"],
    theirs: [" AKIAUSER "],
  },
  {
    claim: "keys with white space are refused",
    setUp: { variables: { ...keyVariables(OTHER), AWS_ACCESS_KEY_ID: "ASIA OTHER" } },
    ours: ["credentials_invalid"],
    theirs: ["ASIA OTHER"],
  },
  {
    claim: "an expiration that is not a date is refused",
    setUp: { variables: { ...keyVariables(OTHER), AWS_CREDENTIAL_EXPIRATION: "soon" } },
    ours: ["credentials_invalid"],
    theirs: ["ASIAOTHER"],
  },
  {
    claim: "a shared file that exists and cannot be read is an error",
    setUp: {
      variables: { ...CONTAINER, AWS_CONFIG_FILE: "{home}" },
      replies: IN_CONTAINER,
    },
    ours: ["permission_missing"],
    theirs: ["ASIACONTAINER", "GET /container"],
  },
  {
    claim: "an empty token file is refused before STS is asked",
    setUp: { files: { token: "" }, variables: WEB_IDENTITY, replies: { sts: [GRANTED] } },
    ours: ["credentials_invalid"],
    theirs: ["ASIASTS", "POST /"],
  },
  {
    claim: "three attempts are made at STS, whatever AWS_MAX_ATTEMPTS says",
    setUp: {
      files,
      variables: { ...WEB_IDENTITY, AWS_MAX_ATTEMPTS: "1" },
      replies: { sts: [{ status: 500 }, { status: 500 }, GRANTED] },
    },
    ours: ["ASIASTS", "POST /", "POST /", "POST /"],
    theirs: ["Unknown", "POST /"],
  },
  {
    claim: "a switch takes upper case",
    setUp: {
      files,
      variables: {
        ...WEB_IDENTITY,
        AWS_ENDPOINT_URL_STS: undefined,
        AWS_USE_FIPS_ENDPOINT: "True",
      },
      replies: { sts: [GRANTED] },
    },
    ours: ["ASIASTS", "POST https://sts-fips.us-east-1.amazonaws.com/"],
    theirs: ["ASIASTS", "POST https://sts.us-east-1.amazonaws.com/"],
  },
  {
    claim: "a switch that is neither true nor false is an error",
    setUp: {
      files,
      variables: { ...WEB_IDENTITY, AWS_USE_FIPS_ENDPOINT: "yes" },
      replies: { sts: [GRANTED] },
    },
    ours: ["option_invalid"],
    theirs: ["ASIASTS", "POST /"],
  },
  {
    claim: "a token is not sent over plain http to another machine",
    setUp: {
      files,
      variables: { ...WEB_IDENTITY, AWS_ENDPOINT_URL_STS: "http://sts.example" },
      replies: { sts: [GRANTED] },
    },
    ours: ["base_url_invalid"],
    theirs: ["ASIASTS", "POST http://sts.example/"],
  },
  {
    claim: "the endpoint settings of a profile that is passed as an option count",
    setUp: {
      files: {
        ...files,
        ".aws/config": section("profile work", {
          role_arn: WEB_IDENTITY.AWS_ROLE_ARN,
          web_identity_token_file: "{home}/token",
          endpoint_url: "{url}/work",
        }),
      },
      profile: "work",
      replies: { sts: [GRANTED] },
    },
    ours: ["ASIASTS", "POST /work/"],
    theirs: ["ASIASTS", "POST https://sts.us-east-1.amazonaws.com/"],
  },
  {
    claim: "the query of a full URI is sent as it is",
    setUp: {
      variables: { AWS_CONTAINER_CREDENTIALS_FULL_URI: "{url}/container?b=1&a=2&a=3" },
      replies: IN_CONTAINER,
    },
    ours: ["ASIACONTAINER", "GET /container?b=1&a=2&a=3"],
    theirs: ["ASIACONTAINER", "GET /container?a=3&b=1"],
  },
  {
    claim: "an empty list of roles is the end",
    setUp: {
      variables: INSTANCE,
      replies: { ...ON_INSTANCE, roles: [{ status: 200, body: "\n" }] },
    },
    ours: ["credentials_failed", TOKEN, ROLES],
    theirs: ["SyntaxError", TOKEN, ROLES, ROLES],
  },
  {
    claim: "an Expiration without a zone is refused",
    setUp: {
      variables: INSTANCE,
      replies: { ...ON_INSTANCE, credentials: [document("ASIAINSTANCE", "2099-01-01T00:00:00")] },
    },
    ours: ["credentials_failed", TOKEN, ROLES, `${ROLES}app`],
    theirs: ["ASIAINSTANCE", TOKEN, ROLES, `${ROLES}app`],
  },
  {
    claim: "a line feed after the token of an instance is cut",
    setUp: {
      variables: INSTANCE,
      replies: { ...ON_INSTANCE, token: [{ status: 200, body: "issued\n" }] },
    },
    ours: ["ASIAINSTANCE", TOKEN, ROLES, `${ROLES}app`],
    theirs: ["TypeError", TOKEN],
  },
];

for (const { claim, setUp, ours, theirs } of DIFFERENCES) {
  test(`unlike with AWS's package: ${claim}`, async () => {
    const both = await lookUpBoth(setUp);
    assert.deepEqual(outcomeOf(both.theirs), theirs, `theirs: ${both.theirs.thrown}`);
    assert.deepEqual(outcomeOf(both.ours), ours, `ours: ${both.ours.thrown}`);
  });
}

function outcomeOf({ found, sent, thrown }: Lookup): Outcome {
  const { code, name } = Object(thrown) as { code?: string; name?: string };
  const { accessKeyId = "" } = found as { accessKeyId?: string };
  const requests = sent.map(({ method, url, "x-first-origin": origin = "" }) =>
    `${method} ${origin}${url}`
  );
  return [
    found === "nothing" ? code?.match(/^[a-z_]+$/)?.[0] ?? `${name}` : accessKeyId,
    ...requests,
  ];
}
