import { SignatureRefusal } from "../mantle/errors.ts";
import type { Received } from "../mantle/exchange.ts";
import type { KnownCredential } from "../mantle/known_credential.ts";
import { verifySignature } from "../mantle/sigv4_verifier.ts";
import { readSessionRequest, validationError } from "./session_request.ts";
import { AwsRefusal } from "./service.ts";
import { sessionResponse } from "./sts_xml.ts";
import type { TemporaryCredentials } from "./temporary_credentials.ts";

/** Credentials that a role can be assumed with. */
export interface Caller extends KnownCredential {
  /** The time they expire, in milliseconds since 1970. */
  readonly expires?: number;
}

/** A role that AWS credentials can assume. */
export interface Role {
  /** The ARN, such as `arn:aws:iam::123456789012:role/name`. */
  readonly arn: string;
  /** The credentials that may assume it; those of another role form a chain. */
  readonly callers: readonly Caller[];
  /** The external id that requests must contain, if any. */
  readonly externalId?: string;
  /** The only session name that is accepted, if any. */
  readonly sessionName?: string;
  /** The longest session, in seconds. @default {3600} */
  readonly maxSessionSeconds?: number;
  /** The credentials of its sessions, which are valid as long as requested. */
  readonly credentials: TemporaryCredentials;
}

interface Directory {
  readonly region: string;
  readonly roles: readonly Role[];
  readonly now: () => number;
}

const CHAINED_SECONDS = 3600;

/** Handles `AssumeRole`: verifies the signature, and that the caller may assume the role. */
export async function assumeRole(
  received: Received,
  parameters: URLSearchParams,
  directory: Directory,
): Promise<Response> {
  const { roles, now } = directory;
  const caller = await authenticate(received, directory);
  const { roleArn, name, seconds } = readSessionRequest(parameters);
  const role = roles.find(({ arn }) => arn === roleArn);
  if (
    !role?.callers.some(({ accessKeyId }) => accessKeyId === caller.accessKeyId) ||
    (role.externalId !== undefined && parameters.get("ExternalId") !== role.externalId) ||
    (role.sessionName !== undefined && name !== role.sessionName)
  ) throw denied(roleArn);
  if (seconds > (role.maxSessionSeconds ?? 3600)) {
    throw validationError(
      "The requested DurationSeconds exceeds the MaxSessionDuration set for this role.",
    );
  }
  if (caller.sessionToken !== undefined && seconds > CHAINED_SECONDS) {
    throw validationError(
      "The requested DurationSeconds exceeds the 1 hour session limit for roles assumed by role " +
        "chaining",
    );
  }
  const expires = now() + seconds * 1000;
  return sessionResponse("AssumeRole", { roleArn, name, credentials: role.credentials, expires });
}

async function authenticate(received: Received, directory: Directory): Promise<Caller> {
  const { region, roles, now } = directory;
  const authorization = received.headers.get("authorization");
  if (authorization === null) {
    throw new AwsRefusal(
      403,
      "MissingAuthenticationToken",
      "Request is missing Authentication Token",
    );
  }
  const callers = roles.flatMap((role) => role.callers);
  const expected = { services: ["sts"] as const, region, credentials: callers, now };
  const caller = await verifySignature(received, authorization, expected).catch(refuseAsSts);
  const { expires } = callers.find(({ accessKeyId }) => accessKeyId === caller.accessKeyId)!;
  if (expires !== undefined && expires <= now()) {
    throw new AwsRefusal(
      403,
      "ExpiredToken",
      "The security token included in the request is expired",
    );
  }
  return caller;
}

function refuseAsSts(error: unknown): never {
  if (!(error instanceof SignatureRefusal)) throw error;
  const status = error.fault === "IncompleteSignature" ? 400 : 403;
  throw new AwsRefusal(status, error.fault, error.message);
}

/** Refuses a caller. Assumed: the name of the user, which AWS includes. */
function denied(roleArn: string): AwsRefusal {
  const user = `arn:aws:iam::${roleArn.split(":")[4]}:user/example`;
  return new AwsRefusal(
    403,
    "AccessDenied",
    `User: ${user} is not authorized to perform: sts:AssumeRole on resource: ${roleArn}`,
  );
}
