import fc from "fast-check";
import type { Reply, SetUp } from "../../support/side_by_side.ts";
import { KEYS, SECRETS } from "../secrets.ts";
import { mostly, oneOf, sectionOf } from "./compare.ts";

const ARN = "arn:aws:iam::123456789012:role/app";
const TOKEN = `eyJ.${SECRETS.apiKey}.jwt`;

const result = (fields: Readonly<Record<string, string | undefined>>) => {
  const elements = Object.entries(fields).filter(([, value]) => value !== undefined)
    .map(([name, value]) => `<${name}>${value}</${name}>`).join("");
  return '<AssumeRoleWithWebIdentityResponse xmlns="https://sts.amazonaws.com/doc/2011-06-15/">' +
    `<AssumeRoleWithWebIdentityResult><AssumedRoleUser><Arn>arn:aws:sts::123456789012:assumed-role/` +
    `app/x</Arn></AssumedRoleUser><Credentials>${elements}</Credentials>` +
    "</AssumeRoleWithWebIdentityResult><ResponseMetadata><RequestId>r</RequestId></ResponseMetadata>" +
    "</AssumeRoleWithWebIdentityResponse>";
};

const FIELDS = {
  AccessKeyId: KEYS.accessKeyId,
  SecretAccessKey: KEYS.secretAccessKey,
  SessionToken: KEYS.sessionToken,
  Expiration: "2099-01-01T00:00:00Z",
};

const xml = (status: number, body: string): Reply => {
  return { status, body, headers: { "content-type": "text/xml" } };
};

const GRANTED = xml(200, result(FIELDS));

/** What STS returns if it refuses. */
const refused = (status: number, code: string) =>
  xml(
    status,
    '<ErrorResponse xmlns="https://sts.amazonaws.com/doc/2011-06-15/"><Error><Type>Sender</Type>' +
      `<Code>${code}</Code><Message>Not ${TOKEN}</Message></Error><RequestId>r</RequestId>` +
      "</ErrorResponse>",
  );

const reply = mostly(
  GRANTED,
  xml(200, result({ ...FIELDS, Expiration: "2001-01-01T00:00:00.123Z" })),
  xml(200, result({ ...FIELDS, SessionToken: "a&amp;b&#x3D;" })),
  xml(200, result({ ...FIELDS, AccessKeyId: undefined })),
  xml(200, result({ ...FIELDS, SecretAccessKey: undefined })),
  xml(200, "{}"),
  xml(200, ""),
  xml(201, result(FIELDS)),
  refused(400, "InvalidIdentityToken"),
  refused(400, "ExpiredTokenException"),
  refused(403, "AccessDenied"),
  refused(400, "IDPCommunicationError"),
  refused(400, "IDPRejectedClaim"),
  refused(400, "ValidationError"),
  refused(400, "RequestTimeout"),
  refused(500, "InternalFailure"),
  refused(503, "ServiceUnavailable"),
  xml(500, "<html>"),
  xml(502, ""),
  xml(504, ""),
  xml(404, ""),
  { status: 302, headers: { location: "/elsewhere" } },
);

const region = mostly(
  undefined,
  "us-west-2",
  "us-east-1",
  "cn-north-1",
  "us-gov-west-1",
  "us-iso-east-1",
  "us-isob-east-1",
  "eusc-de-east-1",
);
const toggle = mostly(undefined, "true", "false");
const url = mostly(undefined, "{url}", "{url}/below", "{url}/below/");

const settings = {
  region,
  use_fips_endpoint: toggle,
  use_dualstack_endpoint: toggle,
  endpoint_url: url,
  ignore_configured_endpoint_urls: toggle,
  services: mostly(undefined, "own", "empty", "absent"),
};

const role = {
  role_arn: mostly(ARN, undefined),
  web_identity_token_file: mostly("{home}/token", "{home}/absent", undefined),
  role_session_name: mostly(undefined, "of-profile"),
};

/** Roles that are assumed with the token in a file, by variables and by a profile. */
export const webIdentitySetUps: fc.Arbitrary<SetUp> = fc.record({
  variables: fc.record({
    AWS_ROLE_ARN: mostly(ARN, ARN, undefined, ""),
    AWS_WEB_IDENTITY_TOKEN_FILE: mostly(
      "{home}/token",
      "{home}/token",
      "{home}/absent",
      "",
      undefined,
    ),
    AWS_ROLE_SESSION_NAME: mostly(undefined, "of-variable"),
    AWS_REGION: region,
    AWS_DEFAULT_REGION: region,
    AWS_ENDPOINT_URL: mostly(undefined, "{url}/all", ""),
    AWS_ENDPOINT_URL_STS: url,
    AWS_IGNORE_CONFIGURED_ENDPOINT_URLS: toggle,
    AWS_USE_FIPS_ENDPOINT: toggle,
    AWS_USE_DUALSTACK_ENDPOINT: toggle,
  }),
  isProfile: fc.boolean(),
  name: oneOf(undefined, "work"),
  role: fc.record(role),
  config: fc.record(settings),
  credentials: fc.option(fc.record(settings)),
  region,
  token: mostly(TOKEN, `${TOKEN}\n`, ` ${TOKEN} \r\n`),
  replies: fc.array(reply, { minLength: 1, maxLength: 3 }),
}).map(({ variables, isProfile, name, role, config, credentials, region, token, replies }) => {
  const section = name === undefined ? "default" : `profile ${name}`;
  const own = isProfile ? role : {};
  return {
    files: {
      token,
      ".aws/config": sectionOf(section, { ...own, ...config }) +
        "[services own]\nsts =\n  endpoint_url = {url}/services\n" +
        "[services empty]\ns3 =\n  endpoint_url = {url}/s3\n",
      ".aws/credentials": credentials ? sectionOf(name ?? "default", credentials) : "",
    },
    variables: { ...variables, AWS_PROFILE: name },
    region,
    replies: { sts: replies },
  };
});

/** The same, where STS has too many requests, after which the wait is longer. */
export const throttledSetUps: fc.Arbitrary<SetUp> = fc.record({
  first: oneOf(refused(400, "Throttling"), xml(429, ""), refused(400, "RequestLimitExceeded")),
  second: oneOf(refused(400, "ThrottlingException"), xml(429, ""), GRANTED, refused(500, "x")),
  third: oneOf(GRANTED, xml(429, "")),
}).map(({ first, second, third }) => ({
  files: { token: TOKEN },
  variables: { AWS_ROLE_ARN: ARN, AWS_WEB_IDENTITY_TOKEN_FILE: "{home}/token" },
  replies: { sts: [first, second, third] },
}));
