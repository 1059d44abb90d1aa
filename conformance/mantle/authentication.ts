import { sameSecret } from "../../loopback/constant_time.ts";
import { invalidBearer, unauthorized } from "./errors.ts";
import type { Received, ReceivedHead } from "./exchange.ts";
import { SHORT_TERM_PREFIX } from "./short_term_key.ts";
import { verifyShortTermKey } from "./short_term_key_verifier.ts";
import { verifySigV4Head } from "./sigv4_verifier.ts";
import type { SigV4Expectations } from "./sigv4_verifier.ts";

/** The way a request authenticated. */
export type Authentication = "bearer" | "sigv4";

/** Whom the server lets in. */
export interface Admission extends SigV4Expectations {
  readonly bearerTokens: readonly string[];
}

/** A request that its headers let in, as far as they can. */
export interface AuthenticatedHead {
  /** The way the request authenticates. */
  readonly auth: Authentication;
  /** Refuses the request where its body does not fit. */
  readonly checkBody: (received: Received) => Promise<void>;
}

/** Finds out how a request authenticates and checks that it does, or refuses it. */
export async function authenticate(
  received: Received,
  admission: Admission,
): Promise<Authentication> {
  const { auth, checkBody } = await authenticateHead(received, admission);
  await checkBody(received);
  return auth;
}

/** Checks all that can be without the body, or refuses the request. */
export async function authenticateHead(
  head: ReceivedHead,
  admission: Admission,
): Promise<AuthenticatedHead> {
  const authorization = head.headers.get("authorization");
  // Assumed: nobody has published what Mantle says to a request without authentication.
  if (authorization === null) throw unauthorized("Missing Authentication Token");
  if (authorization.startsWith("Bearer ")) {
    await verifyBearer(authorization.slice("Bearer ".length), admission);
    return { auth: "bearer", checkBody: async () => {} };
  }
  const { checkBody } = await verifySigV4Head(head, authorization, admission);
  return { auth: "sigv4", checkBody };
}

async function verifyBearer(token: string, admission: Admission): Promise<void> {
  // Every token is compared, so that the time taken does not tell which one is close.
  const matches = admission.bearerTokens.filter((candidate) => sameSecret(token, candidate));
  if (matches.length > 0) return;
  if (!token.startsWith(SHORT_TERM_PREFIX)) throw invalidBearer();
  await verifyShortTermKey(token, admission);
}
