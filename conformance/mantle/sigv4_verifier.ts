import { sameSecret } from "../../loopback/constant_time.ts";
import { mismatch, SignatureRefusal, wrongSignature } from "./errors.ts";
import type { Received, ReceivedHead } from "./exchange.ts";
import { knownCredential } from "./known_credential.ts";
import type { KnownCredential } from "./known_credential.ts";
import type { Endpoint } from "./models.ts";
import { parseAuthorization } from "./sigv4_claim.ts";
import type { SigV4Claim } from "./sigv4_claim.ts";
import { checkScope } from "./sigv4_scope.ts";
import type { ExpectedScope } from "./sigv4_scope.ts";
import { expectedSignature } from "./sigv4_signature.ts";
import { checkTime, parseAmzDate } from "./sigv4_time.ts";

/** The credentials and scope that a signature must be made with. */
export interface SignatureExpectations extends ExpectedScope {
  readonly credentials: readonly KnownCredential[];
  readonly now: () => number;
}

/** The same, for Mantle or Bedrock Runtime. */
export interface SigV4Expectations extends Omit<SignatureExpectations, "services"> {
  readonly endpoint: Endpoint;
}

const incomplete = (message: string) => new SignatureRefusal("IncompleteSignature", message);

const TOKEN_HEADER = "x-amz-security-token";
// Observed: Mantle takes `bedrock` too (BerriAI/litellm pull request 31476).
const SERVICES: Readonly<Record<Endpoint, readonly [string, ...string[]]>> = {
  mantle: ["bedrock-mantle", "bedrock"],
  runtime: ["bedrock"],
};

/** A signature of which all is verified that the headers tell. */
export interface VerifiedHead {
  /** Whose signature it claims to be. */
  readonly credential: KnownCredential;
  /** Verifies the rest. */
  readonly checkBody: (received: Received) => Promise<void>;
}

/** Verifies a signature for Mantle or Bedrock Runtime. */
export async function verifySigV4(
  received: Received,
  authorization: string,
  expected: SigV4Expectations,
): Promise<void> {
  const { checkBody } = await verifySigV4Head(received, authorization, expected);
  await checkBody(received);
}

/** Verifies what the headers tell of a signature for Mantle or Bedrock Runtime. */
export async function verifySigV4Head(
  head: ReceivedHead,
  authorization: string,
  { endpoint, ...expected }: SigV4Expectations,
): Promise<VerifiedHead> {
  return await verifyHead(head, authorization, { ...expected, services: SERVICES[endpoint] });
}

/**
 * Verifies a SigV4 signature from what arrived, and tells whose it is; refuses the request where
 * anything is amiss.
 */
export async function verifySignature(
  received: Received,
  authorization: string,
  expected: SignatureExpectations,
): Promise<KnownCredential> {
  const { credential, checkBody } = await verifyHead(received, authorization, expected);
  await checkBody(received);
  return credential;
}

async function verifyHead(
  head: ReceivedHead,
  authorization: string,
  expected: SignatureExpectations,
): Promise<VerifiedHead> {
  const { headers } = head;
  const claim = parseAuthorization(authorization);
  // Assumed: the text. It repeats nothing of the header, which may hold a secret.
  if (!claim) throw incomplete("The Authorization header is neither Bearer nor AWS4-HMAC-SHA256");
  const amzDate = headers.get("x-amz-date") ?? "";
  const time = parseAmzDate(amzDate);
  // Assumed: AWS would also take a `date` header here.
  if (time === undefined) throw incomplete("The x-amz-date header is missing or malformed");
  const token = headers.get(TOKEN_HEADER) ?? "";
  const credential = knownCredential(claim.accessKeyId, token, expected.credentials);
  checkScope(claim, amzDate, expected);
  checkSignedHeaders(claim, headers);
  checkTime(time, time, expected.now());
  const checkSignature = async (received: Received) => {
    const signature = await expectedSignature(received, claim, time, credential.secretAccessKey);
    if (!sameSecret(signature, claim.signature)) throw wrongSignature();
  };
  const hash = headers.get("x-amz-content-sha256");
  if (hash === null) return { credential, checkBody: checkSignature };
  // What is signed is the hash that is claimed, whatever the body is
  await checkSignature({ ...head, body: new Uint8Array() });
  return { credential, checkBody: ({ body }) => checkPayloadHash(hash, body) };
}

/** Assumed: SigV4 asks for `host` and every `x-amz-*` header; curl leaves the token unsigned. */
function checkSignedHeaders({ signedHeaders }: SigV4Claim, headers: Headers): void {
  const required = [...headers.keys()].filter((name) =>
    name.startsWith("x-amz-") && name !== TOKEN_HEADER
  );
  const missing = ["host", ...required].filter((name) => !signedHeaders.includes(name));
  if (missing.length > 0) {
    throw mismatch(`These headers must be signed: ${missing.join(", ")}.`);
  }
}

/** A body hash is optional; where one is sent, it must be true or decline to tell. */
async function checkPayloadHash(claimed: string, body: Uint8Array<ArrayBuffer>): Promise<void> {
  if (claimed === "UNSIGNED-PAYLOAD") return;
  const digest = new Uint8Array(await crypto.subtle.digest("SHA-256", body));
  const actual = Array.from(digest, (byte) => byte.toString(16).padStart(2, "0")).join("");
  // Assumed: the text S3 answers with.
  if (claimed !== actual) {
    throw mismatch(
      "The provided 'x-amz-content-sha256' header does not match what was computed.",
    );
  }
}
