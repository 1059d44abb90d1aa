import { sameSecret } from "../../loopback/constant_time.ts";
import { SignatureRefusal } from "./errors.ts";

/** A key pair that the server knows, with its session token. */
export interface KnownCredential {
  /** The access key id. */
  readonly accessKeyId: string;
  /** The secret access key, which is never sent. */
  readonly secretAccessKey: string;
  /** The session token that requests must carry if the keys are temporary. */
  readonly sessionToken?: string | undefined;
}

// Observed: openai/codex issue 37246. Assumed: the same for a missing or wrong session token
const UNKNOWN_KEY = "The security token included in the request is invalid.";

/** Finds the credential of a signature, or refuses it. */
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
