import { sameSecret } from "../../loopback/constant_time.ts";
import { type IdentityProvider, invalidToken, verifyIdToken } from "./id_token.ts";
import { readSessionRequest, validationError } from "./session_request.ts";
import { AwsRefusal } from "./service.ts";
import { sessionResponse } from "./sts_xml.ts";
import type { TemporaryCredentials } from "./temporary_credentials.ts";

/** A role that a web identity can assume. */
export interface FederatedRole {
  /** The ARN, such as `arn:aws:iam::123456789012:role/name`. */
  readonly arn: string;
  /** The one token that is accepted, whatever it claims. */
  readonly token?: string;
  /** The time that token expires, in milliseconds since 1970. */
  readonly tokenExpires?: number;
  /** The tokens of an identity provider that are accepted. */
  readonly trust?: WebIdentityTrust;
  /** The longest session, in seconds. @default {3600} */
  readonly maxSessionSeconds?: number;
  /** The credentials of its sessions, which are valid as long as requested. */
  readonly credentials: TemporaryCredentials;
}

/** The conditions that a trust policy sets on a token. */
export interface WebIdentityTrust {
  /** The issuer that is required. */
  readonly issuer: string;
  /** Whom it must be for. @default {any audience of the provider} */
  readonly audience?: string;
  /** Whom it must be about; a `*` stands for any text. @default {"*"} */
  readonly subject?: string;
}

interface Directory {
  readonly federatedRoles: readonly FederatedRole[];
  readonly identityProviders: readonly IdentityProvider[];
  readonly now: () => number;
}

/** Handles `AssumeRoleWithWebIdentity`, which is unsigned: only the token counts. */
export async function assumeRoleWithWebIdentity(
  parameters: URLSearchParams,
  directory: Directory,
): Promise<Response> {
  const { roleArn, name, seconds } = readSessionRequest(parameters);
  const token = parameters.get("WebIdentityToken") ?? "";
  const role = await findRole(roleArn, token, directory);
  if (seconds > (role.maxSessionSeconds ?? 3600)) {
    throw validationError(
      "The requested DurationSeconds exceeds the MaxSessionDuration set for this role.",
    );
  }
  const { credentials } = role;
  const expires = directory.now() + seconds * 1000;
  return sessionResponse("AssumeRoleWithWebIdentity", { roleArn, name, credentials, expires });
}

async function findRole(
  roleArn: string,
  token: string,
  { federatedRoles, identityProviders, now }: Directory,
): Promise<FederatedRole> {
  const fixed = federatedRoles.filter((role) => sameSecret(token, role.token ?? ""));
  if (token !== "" && fixed.length > 0) return fixedRole(roleArn, fixed, now());
  // Assumed: the text. It does not repeat the token.
  if (identityProviders.length === 0) {
    throw invalidToken("The ID Token provided is not a valid JWT.");
  }
  const { iss, aud, sub } = await verifyIdToken(token, identityProviders, now());
  const role = federatedRoles.find(({ arn, trust }) =>
    arn === roleArn && trust?.issuer === iss && (trust.audience ?? aud) === aud &&
    isLike(sub, trust.subject ?? "*")
  );
  if (!role) throw denied();
  return role;
}

function fixedRole(
  roleArn: string,
  known: readonly FederatedRole[],
  now: number,
): FederatedRole {
  const role = known.find(({ arn }) => arn === roleArn);
  if (!role) throw denied();
  if (role.tokenExpires !== undefined && role.tokenExpires <= now) {
    throw new AwsRefusal(
      400,
      "ExpiredTokenException",
      "Token expired: current date/time must be before the expiration date/time",
    );
  }
  return role;
}

/** Observed: it does not say which condition fails, or whether there is such a role. */
function denied(): AwsRefusal {
  const message = "Not authorized to perform sts:AssumeRoleWithWebIdentity";
  return new AwsRefusal(403, "AccessDenied", message);
}

function isLike(text: string, pattern: string): boolean {
  const [first = "", ...rest] = pattern.split("*");
  if (rest.length === 0) return text === pattern;
  const last = rest.pop()!;
  let place = first.length;
  for (const part of rest) {
    const found = text.indexOf(part, place);
    if (found < 0) return false;
    place = found + part.length;
  }
  return text.startsWith(first) && text.endsWith(last) && text.length - last.length >= place;
}
