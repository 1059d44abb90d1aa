import { sameSecret } from "../../loopback/constant_time.ts";
import { SignatureRefusal } from "./errors.ts";

/** A key pair the server knows, with the session token it is valid with. */
export interface KnownCredential {
  /** The public half. */
  readonly accessKeyId: string;
  /** The secret half, which never travels. */
  readonly secretAccessKey: string;
  /** What a request must carry besides, where the keys are temporary. */
  readonly sessionToken?: string | undefined;
}

// Observed: openai/codex issue 37246. Assumed: a missing or wrong session token reads the same.
const UNKNOWN_KEY = "The security token included in the request is invalid.";

/** Finds the credential that a signature claims to be of, or refuses it. */
export function knownCredential(
  accessKeyId: string,
  sessionToken: string,
  known: readonly KnownCredential[],
): KnownCredential {
  const credential = known.find((candidate) => candidate.accessKeyId === accessKeyId);
  if (!credential || !sameSecret(sessionToken, credential.sessionToken ?? "")) {
    throw new SignatureRefusal("InvalidClientTokenId", UNKNOWN_KEY);
  }
  return credential;
}
