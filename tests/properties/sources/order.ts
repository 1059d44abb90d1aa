import fc from "fast-check";
import type { SetUp } from "../../support/side_by_side.ts";
import { SECRETS } from "../secrets.ts";
import { mostly, oneOf, sectionOf } from "./compare.ts";

const identity = (name: string) => ({
  AccessKeyId: `ASIA${name}`,
  SecretAccessKey: SECRETS.secretAccessKey,
  Token: SECRETS.sessionToken,
  Expiration: "2099-01-01T00:00:00Z",
});

const KEYS = { aws_access_key_id: "AKIAPROFILE", aws_secret_access_key: SECRETS.secretAccessKey };
const ROLE = {
  role_arn: "arn:aws:iam::123456789012:role/profile",
  web_identity_token_file: "{home}/token",
};

const XML = "<AssumeRoleWithWebIdentityResponse><AssumeRoleWithWebIdentityResult><Credentials>" +
  Object.entries({ ...identity("STS"), SessionToken: SECRETS.sessionToken })
    .map(([name, value]) => `<${name}>${value}</${name}>`).join("") +
  "</Credentials></AssumeRoleWithWebIdentityResult></AssumeRoleWithWebIdentityResponse>";

const REPLIES = {
  token: [{ status: 200, body: "issued" }],
  roles: [{ status: 200, body: "app" }],
  credentials: [{ status: 200, body: JSON.stringify(identity("INSTANCE")) }],
  container: [{ status: 200, body: JSON.stringify(identity("CONTAINER")) }],
};

/** Machines with several sources; a profile that is named exists, and does not fail. */
export const orderSetUps: fc.Arbitrary<SetUp> = fc.record({
  keys: oneOf({}, {}, {
    AWS_ACCESS_KEY_ID: "AKIAVARIABLE",
    AWS_SECRET_ACCESS_KEY: SECRETS.secretAccessKey,
  }),
  profile: oneOf<Readonly<Record<string, string>>>({ output: "json" }, KEYS, ROLE, {
    ...KEYS,
    ...ROLE,
  }),
  name: oneOf(undefined, "default", "work"),
  isElsewhere: fc.boolean(),
  role: oneOf({}, {
    AWS_ROLE_ARN: "arn:aws:iam::123456789012:role/variable",
    AWS_WEB_IDENTITY_TOKEN_FILE: "{home}/token",
  }),
  container: oneOf({}, { AWS_CONTAINER_CREDENTIALS_FULL_URI: "{url}/container" }),
  instance: oneOf(undefined, "true"),
  sts: mostly({ status: 200, body: XML }, { status: 403, body: "" }),
}).map(({ keys, profile, name, isElsewhere, role, container, instance, sts }) => {
  const variables = { ...keys, ...role, ...container, AWS_EC2_METADATA_DISABLED: instance };
  const section = name === "work" ? "profile work" : "default";
  // A profile that is not selected does not count
  const file = sectionOf(isElsewhere ? "profile elsewhere" : section, profile) +
    (isElsewhere ? sectionOf(section, { output: "json" }) : "");
  return {
    files: { token: "eyJ.token", ".aws/config": file },
    variables: { ...variables, AWS_PROFILE: name, AWS_ENDPOINT_URL_STS: "{url}" },
    replies: { ...REPLIES, sts: [sts] },
  };
});
