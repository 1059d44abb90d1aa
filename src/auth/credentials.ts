import { BedrockError, type SkippedSource } from "../errors.ts";
import type { AwsCredentialIdentity, CallbackProperties } from "../options.ts";
import { readProperty } from "../platform/read_options.ts";

/** What a lookup is asked for; AWS's own providers take something similar as `AwsIdentityProperties`. */
export interface IdentityProperties extends CallbackProperties {
  /** Where requests will be signed for, which is where a role is assumed if its profile sets no region. */
  readonly region?: string | undefined;
}

/** A provider whose results have passed {@link readIdentity}. */
export type ResolveIdentity = (properties?: IdentityProperties) => Promise<FoundIdentity>;

/** An identity and how it was found, if a chain of sources was searched. */
export interface FoundIdentity extends AwsCredentialIdentity {
  readonly foundIn?: string | undefined;
  readonly skipped?: readonly SkippedSource[] | undefined;
}

/** What messages call the source of keys that were passed as options. */
export const FROM_OPTIONS = "the options";

/**
 * Takes the fields of an identity out of whatever a source returned, and freezes them. All are set, so
 * that none is read from a prototype.
 *
 * @param source What messages call the source.
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

/** Reads a date of this or another realm, or the text of one. */
function readDate(value: unknown, source: string): Date | undefined {
  if (value == null) return undefined;
  const date = new Date(typeof value === "string" ? value : Number(value));
  if (!Number.isNaN(date.getTime())) return date;
  throw new BedrockError(
    "credentials_invalid",
    `The \`expiration\` from ${source} is not a date. Pass a \`Date\`, or leave it out`,
  );
}

/** Printable ASCII without white space is all that AWS issues, and all that headers carry safely. */
function assertPrintable(value: unknown, field: string, source: string): asserts value is string {
  if (typeof value === "string" && /^[\x21-\x7e]+$/.test(value)) return;
  // Only options have other names for other readers
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

/** Tells whether two identities are the same keys. */
export function isSameIdentity(one: AwsCredentialIdentity, other: AwsCredentialIdentity): boolean {
  return one.accessKeyId === other.accessKeyId &&
    one.secretAccessKey === other.secretAccessKey && one.sessionToken === other.sessionToken;
}

/** Returns the same object as long as the credentials are the same, which keeps derived keys cached. */
export function stableIdentity(resolve: ResolveIdentity): ResolveIdentity {
  let last: FoundIdentity | undefined;
  return async (properties) => {
    const identity = await resolve(properties);
    // AWS extends credentials of an instance while their source is down
    const isSame = last && isSameIdentity(last, identity) &&
      last.expiration?.getTime() === identity.expiration?.getTime();
    if (!isSame) last = identity;
    return last!;
  };
}
