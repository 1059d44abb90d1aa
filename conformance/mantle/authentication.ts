import { sameSecret } from "../../loopback/constant_time.ts";
import { unauthorized } from "./errors.ts";
import type { Received } from "./exchange.ts";
import { verifySigV4 } from "./sigv4_verifier.ts";
import type { SigV4Expectations } from "./sigv4_verifier.ts";

/** How a request proved who sent it. */
export type Authentication = "bearer" | "sigv4";

/** Whom the server lets in. */
export interface Admission extends SigV4Expectations {
  readonly bearerTokens: readonly string[];
}

/** Finds out how a request authenticates and checks that it does, or refuses it. */
export async function authenticate(
  received: Received,
  admission: Admission,
): Promise<Authentication> {
  const authorization = received.headers.get("authorization");
  // Assumed: nobody has published what Mantle says to a request without authentication.
  if (authorization === null) throw unauthorized("Missing Authentication Token");
  if (authorization.startsWith("Bearer ")) {
    verifyBearer(authorization.slice("Bearer ".length), admission.bearerTokens);
    return "bearer";
  }
  await verifySigV4(received, authorization, admission);
  return "sigv4";
}

function verifyBearer(token: string, known: readonly string[]): void {
  // Every token is compared, so that the time taken does not tell which one is close.
  const matches = known.filter((candidate) => sameSecret(token, candidate));
  // Observed: apresai/2ndbrain, openai/codex issue 23650.
  if (matches.length === 0) throw unauthorized("Invalid bearer token");
}
