import { sameSecret } from "../../loopback/constant_time.ts";
import { invalidBearer, wrongSignature } from "./errors.ts";
import { knownCredential } from "./known_credential.ts";
import type { KnownCredential } from "./known_credential.ts";
import { parseShortTermKey } from "./short_term_key.ts";
import { presignedKeyQuery } from "./short_term_key_signature.ts";
import { checkScope } from "./sigv4_scope.ts";
import { checkTime } from "./sigv4_time.ts";

/** The credentials whose short-term keys are accepted, with region and clock. */
export interface KeyExpectations {
  readonly region: string;
  readonly credentials: readonly KnownCredential[];
  readonly now: () => number;
}

/** The service of every key, for both endpoint families. Documented. */
const SERVICES = ["bedrock"] as const;

/**
 * Verifies a short-term API key offline, from its content and the known credentials.
 *
 * Observed: the message about an expired key; that it names the expiry follows from the only report,
 * whose key is scoped to the day before. Assumed: other keys are refused like signatures, and tokens
 * of another form like any token.
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
