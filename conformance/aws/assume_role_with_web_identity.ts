import { sameSecret } from "../../loopback/constant_time.ts";
import { askedSession } from "./role_session.ts";
import { AwsRefusal } from "./service.ts";
import { granted } from "./sts_xml.ts";
import type { TemporaryCredentials } from "./temporary_credentials.ts";

/** A role that a web identity can assume. */
export interface FederatedRole {
  /** Its name: `arn:aws:iam::123456789012:role/name`. */
  readonly arn: string;
  /** The token of the identity provider that is let in. */
  readonly token: string;
  /** When that token ends, in milliseconds since the epoch. */
  readonly tokenEnds?: number;
  /** The credentials of its sessions, which live as long as is asked for. */
  readonly credentials: TemporaryCredentials;
}

interface Directory {
  readonly federatedRoles: readonly FederatedRole[];
  readonly now: () => number;
}

/** `AssumeRoleWithWebIdentity`, which nobody signs: the token alone counts. */
export function assumeRoleWithWebIdentity(
  asked: URLSearchParams,
  { federatedRoles, now }: Directory,
): Response {
  const { roleArn, name, seconds } = askedSession(asked);
  const token = asked.get("WebIdentityToken") ?? "";
  const known = federatedRoles.filter((role) => sameSecret(token, role.token));
  // Assumed: the texts. None repeats the token.
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
  if (role.tokenEnds !== undefined && role.tokenEnds <= now()) {
    throw new AwsRefusal(
      400,
      "ExpiredTokenException",
      "Token expired: current date/time must be before the expiration date/time",
    );
  }
  const ends = now() + seconds * 1000;
  return granted("AssumeRoleWithWebIdentity", {
    roleArn,
    name,
    credentials: role.credentials,
    ends,
  });
}
