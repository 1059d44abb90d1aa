/** A refused request: thrown where the fault is found, and returned in the envelope of the OpenAI API. */
export class Refusal extends Error {
  readonly status: number;
  readonly code: string;
  readonly type: string;
  readonly retryAfterSeconds: number | undefined;

  constructor(
    status: number,
    code: string,
    type: string,
    message: string,
    { retryAfterSeconds }: { readonly retryAfterSeconds?: number } = {},
  ) {
    super(message);
    this.name = "Refusal";
    this.status = status;
    this.code = code;
    this.type = type;
    this.retryAfterSeconds = retryAfterSeconds;
  }
}

/** The request is understood but cannot be served as it stands. */
export function invalid(message: string): Refusal {
  return new Refusal(400, "validation_error", "invalid_request_error", message);
}

/** The server itself failed; the text is what Mantle has been seen to say. */
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

/** Creates the response to a refused request. */
export function refused(refusal: Refusal): Response {
  const body = new TextEncoder().encode(JSON.stringify(envelope(refusal)));
  const { status, retryAfterSeconds } = refusal;
  const headers = {
    "content-type": "application/json",
    "content-length": `${body.length}`,
    ...(retryAfterSeconds !== undefined && { "retry-after": `${retryAfterSeconds}` }),
  };
  return new Response(body, { status, headers });
}
