import type fc from "fast-check";
import { KEYS } from "../secrets.ts";
import { oneOf } from "./compare.ts";

const COMPLETE = {
  AccessKeyId: KEYS.accessKeyId,
  SecretAccessKey: KEYS.secretAccessKey,
  Token: KEYS.sessionToken,
  Expiration: "2099-01-01T00:00:00Z",
};

const document = (changes: object = {}) => JSON.stringify({ ...COMPLETE, ...changes });

/** Documents that give credentials. */
export const complete: fc.Arbitrary<string> = oneOf(
  document(),
  document({ Code: "Success", Type: "AWS-HMAC", LastUpdated: "2026-01-01T00:00:00Z" }),
  document({ Code: "AssumeRoleUnauthorizedAccess" }),
  document({ AccountId: "123456789012", RoleArn: "arn:aws:iam::123456789012:role/app" }),
  document({ Expiration: "2001-01-01T00:00:00Z" }),
  document({ Expiration: "2099-01-01T00:00:00.5Z" }),
  document({ Expiration: "2099-01-01T00:00:00.123456Z" }),
  JSON.stringify(COMPLETE, null, 2) + "\n",
);

/** Documents that give none. */
export const incomplete: fc.Arbitrary<string> = oneOf(
  ...Object.keys(COMPLETE).flatMap((name) => [
    document({ [name]: undefined }),
    document({ [name]: 1 }),
    document({ [name]: null }),
  ]),
  JSON.stringify({ Code: "AssumeRoleUnauthorizedAccess", Message: "not trusted" }),
  "",
  "{",
  "null",
  "[]",
  "<html>",
);
