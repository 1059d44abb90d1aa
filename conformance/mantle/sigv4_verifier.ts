import { sameSecret } from "../../loopback/constant_time.ts";
import { SignatureRefusal } from "./errors.ts";
import type { Received } from "./exchange.ts";
import type { Endpoint } from "./models.ts";
import { formatAmzDate, parseAmzDate, parseAuthorization } from "./sigv4_claim.ts";
import type { SigV4Claim } from "./sigv4_claim.ts";
import { expectedSignature } from "./sigv4_signature.ts";

/** A key pair the server knows, with the session token it is valid with. */
export interface KnownCredential {
  /** The public half. */
  readonly accessKeyId: string;
  /** The secret half, which never travels. */
  readonly secretAccessKey: string;
  /** What a request must carry besides, where the keys are temporary. */
  readonly sessionToken?: string | undefined;
}

/** What a signature must be made with to be let in by any service of AWS. */
export interface SignatureExpectations {
  /** The services that it may be scoped to, the right one first. */
  readonly services: readonly [string, ...string[]];
  readonly region: string;
  readonly credentials: readonly KnownCredential[];
  readonly now: () => number;
}

/** The same, for Mantle or Bedrock Runtime. */
export interface SigV4Expectations extends Omit<SignatureExpectations, "services"> {
  readonly endpoint: Endpoint;
}

const incomplete = (message: string) => new SignatureRefusal("IncompleteSignature", message);
const mismatch = (message: string) => new SignatureRefusal("SignatureDoesNotMatch", message);

const SKEW_MS = 5 * 60_000;
const TOKEN_HEADER = "x-amz-security-token";
// Observed: openai/codex issue 37246. Assumed: a missing or wrong session token reads the same.
const UNKNOWN_KEY = "The security token included in the request is invalid.";
// Observed: Mantle takes `bedrock` too (BerriAI/litellm pull request 31476).
const SERVICES: Readonly<Record<Endpoint, readonly [string, ...string[]]>> = {
  mantle: ["bedrock-mantle", "bedrock"],
  runtime: ["bedrock"],
};

/** Verifies a signature for Mantle or Bedrock Runtime. */
export async function verifySigV4(
  received: Received,
  authorization: string,
  { endpoint, ...expected }: SigV4Expectations,
): Promise<void> {
  await verifySignature(received, authorization, { ...expected, services: SERVICES[endpoint] });
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
  const { headers } = received;
  const claim = parseAuthorization(authorization);
  // Assumed: the text. It repeats nothing of the header, which may hold a secret.
  if (!claim) throw incomplete("The Authorization header is neither Bearer nor AWS4-HMAC-SHA256");
  const amzDate = headers.get("x-amz-date") ?? "";
  const time = parseAmzDate(amzDate);
  // Assumed: AWS would also take a `date` header here.
  if (time === undefined) throw incomplete("The x-amz-date header is missing or malformed");
  const credential = knownCredential(claim, headers, expected.credentials);
  checkScope(claim, amzDate, expected);
  checkSignedHeaders(claim, headers);
  checkSkew(time, expected.now());
  await checkPayloadHash(received);
  const signature = await expectedSignature(received, claim, time, credential.secretAccessKey);
  // Assumed: the text AWS services commonly answer with.
  if (!sameSecret(signature, claim.signature)) {
    throw mismatch(
      "The request signature we calculated does not match the signature you provided. " +
        "Check your AWS Secret Access Key and signing method.",
    );
  }
  return credential;
}

function knownCredential(
  { accessKeyId }: SigV4Claim,
  headers: Headers,
  known: readonly KnownCredential[],
): KnownCredential {
  const token = headers.get(TOKEN_HEADER) ?? "";
  const credential = known.find((candidate) => candidate.accessKeyId === accessKeyId);
  if (!credential || !sameSecret(token, credential.sessionToken ?? "")) {
    throw new SignatureRefusal("InvalidClientTokenId", UNKNOWN_KEY);
  }
  return credential;
}

function checkScope(claim: SigV4Claim, amzDate: string, expected: SignatureExpectations): void {
  const { services } = expected;
  // Observed: BerriAI/litellm pull request 31476; the other three texts are assumed.
  if (!services.includes(claim.service)) {
    throw mismatch(`Credential should be scoped to correct service: '${services[0]}'.`);
  }
  if (claim.region !== expected.region) {
    throw mismatch(`Credential should be scoped to a valid region: '${expected.region}'.`);
  }
  if (claim.terminator !== "aws4_request") {
    throw mismatch("Credential should be scoped with a valid terminator: 'aws4_request'.");
  }
  if (!amzDate.startsWith(`${claim.date}T`)) {
    throw mismatch("Date in Credential scope does not match the date of x-amz-date.");
  }
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

function checkSkew(time: number, now: number): void {
  if (time < now - SKEW_MS) throw signatureExpired(time, now);
  // Assumed: worded as other AWS services do.
  if (time > now + SKEW_MS) {
    const [signed, current] = [formatAmzDate(time), formatAmzDate(now)];
    const limit = formatAmzDate(now + SKEW_MS);
    throw mismatch(
      `Signature not yet current: ${signed} is still later than ${limit} (${current} + 5 min.)`,
    );
  }
}

/** What is said to a signature that is too old. Observed: openai/codex pull request 28992. */
export function signatureExpired(time: number, now: number): SignatureRefusal {
  const [signed, current] = [formatAmzDate(time), formatAmzDate(now)];
  const limit = formatAmzDate(now - SKEW_MS);
  return mismatch(
    `Signature expired: ${signed} is now earlier than ${limit} (${current} - 5 min.)`,
  );
}

/** A body hash is optional; where one is sent, it must be true or decline to tell. */
async function checkPayloadHash({ headers, body }: Received): Promise<void> {
  const claimed = headers.get("x-amz-content-sha256");
  if (claimed === null || claimed === "UNSIGNED-PAYLOAD") return;
  const digest = new Uint8Array(await crypto.subtle.digest("SHA-256", body));
  const actual = Array.from(digest, (byte) => byte.toString(16).padStart(2, "0")).join("");
  // Assumed: the text S3 answers with.
  if (claimed !== actual) {
    throw mismatch(
      "The provided 'x-amz-content-sha256' header does not match what was computed.",
    );
  }
}
