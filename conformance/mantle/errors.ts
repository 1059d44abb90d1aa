import { Refusal } from "../../loopback/refusal.ts";

export { envelope, invalid, Refusal, serverFault } from "../../loopback/refusal.ts";

/** What AWS services call a fault of a signature, where they name it. */
export type SignatureFault =
  | "IncompleteSignature"
  | "InvalidClientTokenId"
  | "SignatureDoesNotMatch";

/** A refused signature: Mantle's refusal, with the fault that other services of AWS name. */
export class SignatureRefusal extends Refusal {
  readonly fault: SignatureFault;

  constructor(fault: SignatureFault, message: string) {
    super(401, "invalid_api_key", "permission_denied_error", message);
    this.fault = fault;
  }
}

/** A signature that is understood and does not fit. */
export function mismatch(message: string): SignatureRefusal {
  return new SignatureRefusal("SignatureDoesNotMatch", message);
}

/** A signature that its credential does not make. Assumed: what AWS services commonly answer. */
export function wrongSignature(): SignatureRefusal {
  return mismatch(
    "The request signature we calculated does not match the signature you provided. " +
      "Check your AWS Secret Access Key and signing method.",
  );
}

/** A bearer token that is none. Observed: apresai/2ndbrain, openai/codex issue 23650. */
export function invalidBearer(): Refusal {
  return unauthorized("Invalid bearer token");
}

/** Mantle says 401 for every fault of authentication, whatever it is. */
export function unauthorized(message: string): Refusal {
  return new Refusal(401, "invalid_api_key", "permission_denied_error", message);
}

/** The code is observed (aws-samples/sample-per-model-bedrock). Assumed: the type. */
export function notFound(message: string): Refusal {
  return new Refusal(404, "not_found_error", "invalid_request_error", message);
}
