import { BedrockError, type ServiceRefusal } from "../errors.ts";
import { findAdvice } from "./advice.ts";
import type { ServicePlace } from "./endpoint.ts";
import { maskSecrets } from "./mask.ts";

/** A request for credentials that was refused, as the service put it. */
export interface RefusedRequest {
  readonly place: ServicePlace;
  readonly operation: string;
  readonly status: number;
  /** The service's code; empty if the response is not the service's own. */
  readonly code: string;
  /** The service's words, which may repeat what was sent. */
  readonly message: string;
  readonly requestId: string | undefined;
  /** The secrets that were sent. */
  readonly secrets: readonly string[];
  /** The ARN of the role that was asked for. */
  readonly role?: string | undefined;
  /** The token that was sent. */
  readonly token?: string | undefined;
  /** True if an external id was sent. */
  readonly hasExternalId?: boolean | undefined;
}

/** Thrown for a refusal; it never leaves this folder, as what the service said may hold secrets. */
export class Refused {
  readonly #request: RefusedRequest;

  constructor(request: RefusedRequest) {
    this.#request = request;
  }

  /** True if another token, or other credentials, may be accepted. */
  get isOfProof(): boolean {
    return findAdvice(this.#request)?.isOfProof === true;
  }

  /** Explains it to the caller: the code, the service's words, and what to do. */
  explain(): BedrockError {
    const { place: { service, url }, operation, status, code, requestId } = this.#request;
    const { name, option } = service;
    const message = maskSecrets(this.#request.message, this.#request.secrets);
    const refusal: ServiceRefusal = { service: name, operation, code, message, status, requestId };
    if (code === "") {
      return new BedrockError(
        "credentials_failed",
        `${name} at ${
          new URL(url).host
        } returned ${status} to ${operation} without credentials or ` +
          `an error of its own. Check that {${option}} leads to ${name}, and what is on the way there`,
        { refusal, option },
      );
    }
    const said = message === "" ? "" : `: "${message}"`;
    const advice = findAdvice(this.#request)?.advise(this.#request);
    return new BedrockError(
      "credentials_failed",
      `${name} refused ${operation} with ${code}${said}${advice ? `. ${advice}` : ""}`,
      { refusal },
    );
  }
}
