import { SignatureRefusal } from "../mantle/errors.ts";
import type { Received } from "../mantle/exchange.ts";
import type { KnownCredential } from "../mantle/known_credential.ts";
import { verifySignature } from "../mantle/sigv4_verifier.ts";
import { askedSession, validationError } from "./role_session.ts";
import { AwsRefusal } from "./service.ts";
import { granted } from "./sts_xml.ts";
import type { TemporaryCredentials } from "./temporary_credentials.ts";

/** Credentials that a role can be assumed with. */
export interface Caller extends KnownCredential {
  /** When they end, in milliseconds since the epoch. */
  readonly ends?: number;
}

/** A role that AWS credentials can assume. */
export interface Role {
  /** Its name: `arn:aws:iam::123456789012:role/name`. */
  readonly arn: string;
  /** Who may assume it; credentials of another role make a chain. */
  readonly callers: readonly Caller[];
  /** The external id that must be named, where there is one. */
  readonly externalId?: string;
  /** The one session name that is let in, where there is one. */
  readonly sessionName?: string;
  /** The longest session, in seconds. @default {3600} */
  readonly maxSessionSeconds?: number;
  /** The credentials of its sessions, which live as long as is asked for. */
  readonly credentials: TemporaryCredentials;
}

interface Directory {
  readonly region: string;
  readonly roles: readonly Role[];
  readonly now: () => number;
}

const CHAINED_SECONDS = 3600;

/** `AssumeRole`: verifies who signed, and whether they may. */
export async function assumeRole(
  received: Received,
  asked: URLSearchParams,
  directory: Directory,
): Promise<Response> {
  const { roles, now } = directory;
  const caller = await authenticated(received, directory);
  const { roleArn, name, seconds } = askedSession(asked);
  const role = roles.find(({ arn }) => arn === roleArn);
  if (
    !role?.callers.some(({ accessKeyId }) => accessKeyId === caller.accessKeyId) ||
    (role.externalId !== undefined && asked.get("ExternalId") !== role.externalId) ||
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
  const ends = now() + seconds * 1000;
  return granted("AssumeRole", { roleArn, name, credentials: role.credentials, ends });
}

async function authenticated(received: Received, directory: Directory): Promise<Caller> {
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
  const caller = await verifySignature(received, authorization, expected).catch(inTheWordsOfSts);
  const { ends } = callers.find(({ accessKeyId }) => accessKeyId === caller.accessKeyId)!;
  if (ends !== undefined && ends <= now()) {
    throw new AwsRefusal(
      403,
      "ExpiredToken",
      "The security token included in the request is expired",
    );
  }
  return caller;
}

function inTheWordsOfSts(error: unknown): never {
  if (!(error instanceof SignatureRefusal)) throw error;
  const status = error.fault === "IncompleteSignature" ? 400 : 403;
  throw new AwsRefusal(status, error.fault, error.message);
}

/** Assumed: the name of the user, which AWS tells. */
function denied(roleArn: string): AwsRefusal {
  const user = `arn:aws:iam::${roleArn.split(":")[4]}:user/example`;
  return new AwsRefusal(
    403,
    "AccessDenied",
    `User: ${user} is not authorized to perform: sts:AssumeRole on resource: ${roleArn}`,
  );
}
