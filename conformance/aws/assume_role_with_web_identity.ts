import { sameSecret } from "../../loopback/constant_time.ts";
import { readSessionRequest } from "./session_request.ts";
import { AwsRefusal } from "./service.ts";
import { sessionResponse } from "./sts_xml.ts";
import type { TemporaryCredentials } from "./temporary_credentials.ts";

/** A role that a web identity can assume. */
export interface FederatedRole {
  /** The ARN, such as `arn:aws:iam::123456789012:role/name`. */
  readonly arn: string;
  /** The token of the identity provider that is accepted. */
  readonly token: string;
  /** The time that token expires, in milliseconds since 1970. */
  readonly tokenExpires?: number;
  /** The credentials of its sessions, which are valid as long as requested. */
  readonly credentials: TemporaryCredentials;
}

interface Directory {
  readonly federatedRoles: readonly FederatedRole[];
  readonly now: () => number;
}

/** Handles `AssumeRoleWithWebIdentity`, which is unsigned: only the token counts. */
export function assumeRoleWithWebIdentity(
  parameters: URLSearchParams,
  { federatedRoles, now }: Directory,
): Response {
  const { roleArn, name, seconds } = readSessionRequest(parameters);
  const token = parameters.get("WebIdentityToken") ?? "";
  const known = federatedRoles.filter((role) => sameSecret(token, role.token));
  // Assumed: the texts. None repeats the token
  if (known.length === 0) {
    throw new AwsRefusal(400, "InvalidIdentityToken", "The ID Token provided is not a valid JWT.");
  }
  const role = known.find(({ arn }) => arn === roleArn);
  if (!role) {
    throw new AwsRefusal(
      403,
      "AccessDenied",
      "Not authorized to perform sts:AssumeRoleWithWebIdentity",
    );
  }
  if (role.tokenExpires !== undefined && role.tokenExpires <= now()) {
    throw new AwsRefusal(
      400,
      "ExpiredTokenException",
      "Token expired: current date/time must be before the expiration date/time",
    );
  }
  const { credentials } = role;
  const expires = now() + seconds * 1000;
  return sessionResponse("AssumeRoleWithWebIdentity", { roleArn, name, credentials, expires });
}
