import { BedrockError } from "./errors.ts";
import { withinLimits } from "./limits.ts";
import { REAL_WORLD, type World } from "./world.ts";

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

/** Resolves AWS credentials; called for every attempt of a request, retries included. */
export type AwsCredentialsProvider = () => AwsCredentialIdentity | Promise<AwsCredentialIdentity>;

/** A provider whose answers have passed {@link credentialIdentity}. */
export type ResolveIdentity = () => Promise<AwsCredentialIdentity>;

/** Chain credentials are looked up again this long before they end, as AWS's own SDKs do. */
const EARLY_MS = 5 * 60_000;

/** Credentials without an expiry are looked up again after this time, as their source may rotate. */
const UNDATED_MS = 5 * 60_000;

/**
 * Takes the fields of an identity out of whatever a source returned, and freezes them.
 *
 * @throws {BedrockError} `credentials_invalid`
 */
export function credentialIdentity(value: unknown, source: string): AwsCredentialIdentity {
  const found = (typeof value === "object" && value !== null ? value : {}) as Partial<
    Record<keyof AwsCredentialIdentity, unknown>
  >;
  const { accessKeyId, secretAccessKey } = found;
  const sessionToken = found.sessionToken ?? undefined;
  assertPrintable(accessKeyId, "accessKeyId", source);
  assertPrintable(secretAccessKey, "secretAccessKey", source);
  if (sessionToken !== undefined) assertPrintable(sessionToken, "sessionToken", source);
  const expiration = instant(found.expiration);
  return Object.freeze({
    accessKeyId,
    secretAccessKey,
    ...(sessionToken !== undefined && { sessionToken }),
    ...(expiration && { expiration }),
  });
}

/** A date of this or another realm, or the text of one. */
function instant(value: unknown): Date | undefined {
  const time = typeof value === "string" ? Date.parse(value) : Number(value ?? NaN);
  return Number.isNaN(time) ? undefined : new Date(time);
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
  let last: AwsCredentialIdentity | undefined;
  return async () => {
    const identity = await resolve();
    if (
      last?.accessKeyId !== identity.accessKeyId ||
      last.secretAccessKey !== identity.secretAccessKey ||
      last.sessionToken !== identity.sessionToken
    ) last = identity;
    return last;
  };
}

/** Reuses credentials until shortly before they expire; callers that wait share one lookup. */
export function reuseUntilExpiry(
  resolve: ResolveIdentity,
  { now, lookupLimitMs }: World = REAL_WORLD,
): ResolveIdentity {
  let current: { identity: AwsCredentialIdentity; until: number } | undefined;
  let pending: Promise<AwsCredentialIdentity> | undefined;
  const lookUp = async () => {
    // Without a limit of its own, one lookup that hangs would hold up every later request
    const identity = await withinLimits(resolve, { signals: [], timeoutMs: lookupLimitMs });
    const until = identity.expiration
      ? identity.expiration.getTime() - EARLY_MS
      : now() + UNDATED_MS;
    current = { identity, until };
    return identity;
  };
  return async () => {
    if (current && now() < current.until) return current.identity;
    pending ??= lookUp().finally(() => pending = undefined);
    return await pending;
  };
}
