import type { CallbackProperties } from "./callback.ts";
import { BedrockError, type PassedOver } from "./errors.ts";
import { readProperty } from "./read_property.ts";

/** AWS credentials that requests are signed with. */
export interface AwsCredentialIdentity {
  /** Access key id. */
  readonly accessKeyId: string;
  /** Secret access key. */
  readonly secretAccessKey: string;
  /** Session token, which temporary credentials have. */
  readonly sessionToken?: string | undefined;
  /** When temporary credentials end. */
  readonly expiration?: Date | undefined;
}

/**
 * Resolves AWS credentials; called for every attempt of a request, retries included. It is called
 * with `{ forceRefresh: true }` where the service has refused the last ones, which AWS's own
 * providers understand.
 */
export type AwsCredentialsProvider = (
  properties?: CallbackProperties,
) => AwsCredentialIdentity | Promise<AwsCredentialIdentity>;

/** What is asked of a lookup; AWS's own providers take the like as `AwsIdentityProperties`. */
export interface IdentityProperties extends CallbackProperties {
  /** Where requests will be signed for, which is where a role is assumed if its profile says none. */
  readonly region?: string | undefined;
}

/** A provider whose answers have passed {@link credentialIdentity}. */
export type ResolveIdentity = (properties?: IdentityProperties) => Promise<FoundIdentity>;

/** An identity with the way it was found, where a chain of sources was asked. */
export interface FoundIdentity extends AwsCredentialIdentity {
  readonly foundIn?: string | undefined;
  readonly passedOver?: readonly PassedOver[] | undefined;
}

/**
 * Takes the fields of an identity out of whatever a source returned, and freezes them. All of them are
 * set, so that none is read from a prototype.
 *
 * @throws {BedrockError} `credentials_invalid`
 */
export function credentialIdentity(value: unknown, source: string): FoundIdentity {
  const read = (name: keyof AwsCredentialIdentity) =>
    typeof value === "object" && value !== null ? readProperty(value, name) : undefined;
  const accessKeyId = read("accessKeyId");
  const secretAccessKey = read("secretAccessKey");
  const sessionToken = read("sessionToken") ?? undefined;
  assertPrintable(accessKeyId, "accessKeyId", source);
  assertPrintable(secretAccessKey, "secretAccessKey", source);
  if (sessionToken !== undefined) assertPrintable(sessionToken, "sessionToken", source);
  const expiration = instant(read("expiration"), source);
  return Object.freeze({
    accessKeyId,
    secretAccessKey,
    sessionToken,
    expiration,
    foundIn: undefined,
    passedOver: undefined,
  });
}

/** A date of this or another realm, or the text of one. */
function instant(value: unknown, source: string): Date | undefined {
  if (value == null) return undefined;
  const date = new Date(typeof value === "string" ? value : Number(value));
  if (!Number.isNaN(date.getTime())) return date;
  throw new BedrockError(
    "credentials_invalid",
    `The \`expiration\` from ${source} is not a date that can be read. Give a \`Date\`, or leave ` +
      "it out where the credentials do not end",
  );
}

/** Printable ASCII without white space is all that AWS issues, and all that headers carry safely. */
function assertPrintable(value: unknown, field: string, source: string): asserts value is string {
  if (typeof value === "string" && /^[\x21-\x7e]+$/.test(value)) return;
  const problem = typeof value !== "string" || !value.trim()
    ? "is missing, blank or not a string"
    : "holds white space or a character that AWS never issues";
  throw new BedrockError(
    "credentials_invalid",
    `The \`${field}\` from ${source} ${problem}. Give \`accessKeyId\` and \`secretAccessKey\` ` +
      "as AWS issued them",
  );
}

/** Hands out the same object while the credentials are the same, which keeps derived keys cached. */
export function sameWhileUnchanged(resolve: ResolveIdentity): ResolveIdentity {
  let last: FoundIdentity | undefined;
  return async (properties) => {
    const identity = await resolve(properties);
    if (
      last?.accessKeyId !== identity.accessKeyId ||
      last.secretAccessKey !== identity.secretAccessKey ||
      last.sessionToken !== identity.sessionToken ||
      // AWS prolongs credentials of an instance while their source is down
      last.expiration?.getTime() !== identity.expiration?.getTime()
    ) last = identity;
    return last;
  };
}
