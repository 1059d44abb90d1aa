import { sameSecret } from "../../loopback/constant_time.ts";
import { invalidBearer, wrongSignature } from "./errors.ts";
import { knownCredential } from "./known_credential.ts";
import type { KnownCredential } from "./known_credential.ts";
import { parseShortTermKey } from "./short_term_key.ts";
import { presignedKeyQuery } from "./short_term_key_signature.ts";
import { checkScope } from "./sigv4_scope.ts";
import { checkTime } from "./sigv4_time.ts";

/** Whose short-term keys are let in, where and when. */
export interface KeyExpectations {
  readonly region: string;
  readonly credentials: readonly KnownCredential[];
  readonly now: () => number;
}

/** Documented: one key is good for both endpoint families, under this service. */
const SERVICES = ["bedrock"] as const;

/**
 * Verifies a short-term API key without asking anybody, from what it says and from the credentials
 * that are known.
 *
 * Observed is what is said of a key that has ended; that the time it names is the end follows from
 * the only report, whose key is scoped to the day before. Assumed: that all else is refused as a
 * signature is, and what has not the form of a key as any other token.
 */
export async function verifyShortTermKey(key: string, expected: KeyExpectations): Promise<void> {
  const claim = parseShortTermKey(key);
  if (!claim) throw invalidBearer();
  const { scope, amzDate, time, expiresInSeconds, sessionToken, signature } = claim;
  const { region, credentials, now } = expected;
  const credential = knownCredential(scope.accessKeyId, sessionToken, credentials);
  checkScope(scope, amzDate, { services: SERVICES, region });
  checkTime(time, time + expiresInSeconds * 1000, now());
  const query = await presignedKeyQuery(credential, { region, time, expiresInSeconds });
  if (!sameSecret(query["X-Amz-Signature"] ?? "", signature)) throw wrongSignature();
}
