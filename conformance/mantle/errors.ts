/** A refused request: thrown where the fault is found, answered in the envelope Mantle uses. */
export class Refusal extends Error {
  readonly status: number;
  readonly code: string;
  readonly type: string;

  constructor(status: number, code: string, type: string, message: string) {
    super(message);
    this.name = "Refusal";
    this.status = status;
    this.code = code;
    this.type = type;
  }
}

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

/** Mantle says 401 for every fault of authentication, whatever it is. */
export function unauthorized(message: string): Refusal {
  return new Refusal(401, "invalid_api_key", "permission_denied_error", message);
}

/** The request is understood but cannot be served as it stands. */
export function invalid(message: string): Refusal {
  return new Refusal(400, "validation_error", "invalid_request_error", message);
}

/** The code is observed (aws-samples/sample-per-model-bedrock). Assumed: the type. */
export function notFound(message: string): Refusal {
  return new Refusal(404, "not_found_error", "invalid_request_error", message);
}

/** The server itself failed; the text is what the service has been seen to say. */
export function serverFault(): Refusal {
  return new Refusal(
    500,
    "internal_server_error",
    "server_error",
    "The server had an error while processing your request. Sorry about that!",
  );
}

/** The error envelope: `{ error: { code, message, param, type } }`. */
export function envelope({ code, message, type }: Refusal): Record<string, unknown> {
  return { error: { code, message, param: null, type } };
}
