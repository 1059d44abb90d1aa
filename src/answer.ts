import type { BedrockError } from "./errors.ts";
import type { Failure } from "./failure.ts";

/** What differs in an answer that stands for another. */
interface Changes {
  readonly status?: number;
  readonly headers?: Readonly<Record<string, string>>;
}

/** A service may say any three digits, and any words, but not every `Response` can be made. */
const FURTHEST_STATUS = 599;

/** Chromium gives these a body as well, with which it refuses to make one. */
const BODILESS: readonly number[] = [204, 205, 304];

/** An answer in the place of another: its status and headers stay, and where it came from. */
export function inPlaceOf(
  answer: Response,
  body: BodyInit | null,
  { status = answer.status, headers = {} }: Changes = {},
): Response {
  const all = new Headers(answer.headers);
  for (const [name, value] of Object.entries(headers)) all.set(name, value);
  const { statusText, url } = answer;
  const made = new Response(BODILESS.includes(status) ? null : body, {
    status: Math.min(status, FURTHEST_STATUS),
    headers: all,
  });
  return Object.defineProperties(made, {
    url: { value: url },
    status: { value: status },
    statusText: { value: statusText },
  });
}

/**
 * Whether a body cannot be passed on in another answer: somebody on the way has begun to read it, or
 * it is no stream of the platform's, as that of a package's `fetch`.
 */
export function isTaken({ body, bodyUsed }: Response): boolean {
  return bodyUsed || (!!body && (body.locked || typeof body.getReader !== "function"));
}

/** Lets go of a body that nobody will read. */
export function discard({ body }: Response): void {
  if (typeof body?.cancel === "function") body.cancel().catch(() => {});
}

/** How a body is read, if not just so. */
export type Read = (
  reader: ReadableStreamDefaultReader<Uint8Array>,
) => Promise<ReadableStreamReadResult<Uint8Array>>;

/** An answer whose body is passed on piece by piece, none of it ahead of its reader. */
export function passedOn(
  answer: Response,
  look: (piece: Uint8Array) => void,
  read: Read = (reader) => reader.read(),
): Response {
  if (!answer.body || isTaken(answer) || BODILESS.includes(answer.status)) return answer;
  const reader = answer.body.getReader();
  const body = new ReadableStream<Uint8Array>({
    async pull(controller) {
      const { done, value } = await read(reader);
      if (done) return controller.close();
      look(value);
      controller.enqueue(value);
    },
    cancel: (reason) => reader.cancel(reason),
  }, { highWaterMark: 0 });
  return inPlaceOf(answer, body);
}

/** AWS's request id under the name that OpenAI's clients look for, where none came under that. */
export function withRequestId(answer: Response): Response {
  const id = answer.headers.get("x-amzn-requestid");
  if (id === null || answer.headers.has("x-request-id") || isTaken(answer)) return answer;
  return inPlaceOf(answer, answer.body, { headers: { "x-request-id": id } });
}

/** A failed answer in OpenAI's envelope, with what there is to explain after what it said. */
export function explained(
  answer: Response,
  failure: Failure,
  explanation: string | undefined,
): Response {
  if (failure.enveloped && explanation === undefined) return answer;
  const { message } = failure;
  const text = explanation === undefined ? message : `${sentence(message)} ${explanation}`;
  discard(answer);
  const body = JSON.stringify({ error: { ...failure.error, message: text } });
  const headers = { "content-type": "application/json" };
  const replaced = inPlaceOf(answer, body, { status: failure.status, headers });
  for (const name of ["content-length", "content-encoding"]) replaced.headers.delete(name);
  return replaced;
}

function sentence(text: string): string {
  return /[.!?]$/.test(text) ? text : `${text}.`;
}

/** What this module says itself, so that the OpenAI client reports it and does not ask again. */
export function refusal({ code, message }: BedrockError): Response {
  const status = /^(?:credentials|permission|aws_package)_/.test(code) ? 401 : 400;
  return ofOurs(status, code, withoutCause(message));
}

/** An answer has no cause to look at. */
export function withoutCause(message: string): string {
  return message.replace(". See the cause for what it threw", "");
}

/** An answer of this module's own, which is not to be asked for again. */
export function ofOurs(status: number, code: string, message: string): Response {
  const error = { message, type: "bedrock_error", code, param: null };
  return Response.json({ error }, { status, headers: { "x-should-retry": "false" } });
}

/** An answer where no connection came about; that may change, so that it may be asked for again. */
export function unconnected(message: string): Response {
  const error = { message, type: "bedrock_error", code: "region_unserved", param: null };
  return Response.json({ error }, { status: 502 });
}

const REDIRECTS: readonly number[] = [301, 302, 303, 307, 308];

/** Whether an answer leads elsewhere. Browsers show nothing of a redirect that is not followed. */
export function isRedirect({ status, type }: Response): boolean {
  return type === "opaqueredirect" || REDIRECTS.includes(status);
}

/** An answer instead of a redirect, which is never followed. */
export function instead(redirect: Response): Response {
  const { status, headers } = redirect;
  const location = headers.get("location");
  const origin = location !== null && URL.canParse(location)
    ? ` to ${new URL(location).origin}`
    : "";
  discard(redirect);
  const message = `The service redirected${origin}, which is not followed, as credentials would ` +
    "go along. Set `baseURL` to where requests are to go";
  return ofOurs(status === 0 ? 502 : status, "redirected", message);
}
