import { BedrockError, type SkippedSource } from "../errors.ts";
import type { AwsCredentialIdentity, CallbackProperties } from "../options.ts";
import { readProperty } from "../platform/read_options.ts";

/** The parameters of a lookup, similar to `AwsIdentityProperties` of AWS's own providers. */
export interface IdentityProperties extends CallbackProperties {
  /** The region to sign for, and to assume a role in if its profile sets none. */
  readonly region?: string | undefined;
}

/** A provider whose results have passed {@link readIdentity}. */
export type ResolveIdentity = (properties?: IdentityProperties) => Promise<FoundIdentity>;

/** An identity and how it was found, if a chain of sources was searched. */
export interface FoundIdentity extends AwsCredentialIdentity {
  readonly foundIn?: string | undefined;
  readonly skipped?: readonly SkippedSource[] | undefined;
}

/** The name in messages for keys that were passed as options. */
export const FROM_OPTIONS = "the options";

/**
 * Copies the fields of an identity from whatever a source returned, and freezes them. All are set,
 * so that none is read from a prototype.
 *
 * @param source The name of the source in messages.
 * @throws {BedrockError} `credentials_invalid`
 */
export function readIdentity(value: unknown, source: string): FoundIdentity {
  const read = (name: keyof AwsCredentialIdentity) =>
    typeof value === "object" && value !== null ? readProperty(value, name) : undefined;
  const accessKeyId = read("accessKeyId");
  const secretAccessKey = read("secretAccessKey");
  const sessionToken = read("sessionToken") ?? undefined;
  assertPrintable(accessKeyId, "accessKeyId", source);
  assertPrintable(secretAccessKey, "secretAccessKey", source);
  if (sessionToken !== undefined) assertPrintable(sessionToken, "sessionToken", source);
  const expiration = readDate(read("expiration"), source);
  return Object.freeze({
    accessKeyId,
    secretAccessKey,
    sessionToken,
    expiration,
    foundIn: undefined,
    skipped: undefined,
  });
}

/** Reads a `Date`, of this or another realm, or a date as text. */
function readDate(value: unknown, source: string): Date | undefined {
  if (value == null) return undefined;
  const date = new Date(typeof value === "string" ? value : Number(value));
  if (!Number.isNaN(date.getTime())) return date;
  throw new BedrockError(
    "credentials_invalid",
    `The \`expiration\` from ${source} is not a date. Pass a \`Date\`, or leave it out`,
  );
}

/**
 * Refuses all but printable ASCII without white space, which is what AWS issues and headers can
 * carry.
 */
function assertPrintable(value: unknown, field: string, source: string): asserts value is string {
  if (typeof value === "string" && /^[\x21-\x7e]+$/.test(value)) return;
  // Only options are renamed for other readers
  const show = (name: string) => source === FROM_OPTIONS ? `{${name}}` : `\`${name}\``;
  const problem = typeof value !== "string" || !value.trim()
    ? "is missing, blank or not a string"
    : "contains white space or a character that AWS never issues";
  throw new BedrockError(
    "credentials_invalid",
    `The ${show(field)} from ${source} ${problem}. Pass ${show("accessKeyId")} and ` +
      `${show("secretAccessKey")} as AWS issued them`,
  );
}

/** Checks if two identities have the same keys. */
export function isSameIdentity(one: AwsCredentialIdentity, other: AwsCredentialIdentity): boolean {
  return one.accessKeyId === other.accessKeyId &&
    one.secretAccessKey === other.secretAccessKey && one.sessionToken === other.sessionToken;
}

/**
 * Returns the same object while the credentials stay the same, so that derived keys stay cached.
 */
export function stableIdentity(resolve: ResolveIdentity): ResolveIdentity {
  let last: FoundIdentity | undefined;
  return async (properties) => {
    const identity = await resolve(properties);
    // AWS extends instance credentials while their source is down
    const isSame = last && isSameIdentity(last, identity) &&
      last.expiration?.getTime() === identity.expiration?.getTime();
    if (!isSame) last = identity;
    return last!;
  };
}
