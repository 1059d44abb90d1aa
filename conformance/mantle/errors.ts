import { Refusal } from "../../loopback/refusal.ts";

export { envelope, invalid, Refusal, serverFault } from "../../loopback/refusal.ts";

/** The codes of AWS services for signature faults. */
export type SignatureFault =
  | "IncompleteSignature"
  | "InvalidClientTokenId"
  | "SignatureDoesNotMatch";

/** A refused signature: Mantle's refusal, with the code of other AWS services. */
export class SignatureRefusal extends Refusal {
  readonly fault: SignatureFault;

  constructor(fault: SignatureFault, message: string) {
    super(401, "invalid_api_key", "permission_denied_error", message);
    this.fault = fault;
  }
}

/** Refuses a signature that is well formed but does not match. */
export function mismatch(message: string): SignatureRefusal {
  return new SignatureRefusal("SignatureDoesNotMatch", message);
}

/** Refuses a wrong signature. Assumed: the message, which AWS services commonly use. */
export function wrongSignature(): SignatureRefusal {
  return mismatch(
    "The request signature we calculated does not match the signature you provided. " +
      "Check your AWS Secret Access Key and signing method.",
  );
}

/** Refuses an invalid bearer token. Observed: apresai/2ndbrain, openai/codex issue 23650. */
export function invalidBearer(): Refusal {
  return unauthorized("Invalid bearer token");
}

/** Refuses with 401, which Mantle uses for every authentication fault. */
export function unauthorized(message: string): Refusal {
  return new Refusal(401, "invalid_api_key", "permission_denied_error", message);
}

/** Refuses with 404. Observed: the code (aws-samples/sample-per-model-bedrock). Assumed: the type. */
export function notFound(message: string): Refusal {
  return new Refusal(404, "not_found_error", "invalid_request_error", message);
}
