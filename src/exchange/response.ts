import { type BedrockError, describeError, nameOption, type OptionNames } from "../errors.ts";
import { defineHidden } from "../platform/read_options.ts";

/** What differs in a response that replaces another. */
interface Changes {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
}

/** A service may send any three digits, but no `Response` can be made of a higher status. */
const MAX_STATUS = 599;

/** Chromium gives these a body as well, with which it refuses to make a `Response`. */
const BODILESS: readonly number[] = [204, 205, 304];

/** Replaces the body of a response, and what changes say: status, headers and URL stay. */
export function replaceResponse(
  response: Response,
  body: BodyInit | null,
  { status, headers }: Changes = { status: response.status, headers: {} },
): Response {
  const all = new Headers(response.headers);
  for (const [name, value] of Object.entries(headers)) all.set(name, value);
  const { statusText, url } = response;
  const made = new Response(BODILESS.includes(status) ? null : body, {
    status: Math.min(status, MAX_STATUS),
    headers: all,
  });
  return defineHidden(made, { url, status, statusText });
}

/**
 * Tells whether a body cannot be passed on in another response: somebody has begun to read it, or it is
 * not a stream of the platform, as with the `fetch` of a package.
 */
export function isTaken({ body, bodyUsed }: Response): boolean {
  return bodyUsed || (!!body && (body.locked || typeof body.getReader !== "function"));
}

/** Cancels a body that nobody will read. */
export function cancelBody({ body }: Response): void {
  if (typeof body?.cancel === "function") body.cancel().catch(() => {});
}

/** Reads the next piece of a body. */
export type Read = (
  reader: ReadableStreamDefaultReader<Uint8Array>,
) => Promise<ReadableStreamReadResult<Uint8Array>>;

/** Passes a body through piece by piece, none of it ahead of its reader. */
export function passThrough(
  response: Response,
  look: (piece: Uint8Array) => void,
  read: Read = (reader) => reader.read(),
): Response {
  if (!response.body || isTaken(response) || BODILESS.includes(response.status)) return response;
  const reader = response.body.getReader();
  const body = new ReadableStream<Uint8Array>({
    async pull(controller) {
      const { done, value } = await read(reader);
      if (done) return controller.close();
      look(value);
      controller.enqueue(value);
    },
    cancel: (reason) => reader.cancel(reason),
  }, { highWaterMark: 0 });
  return replaceResponse(response, body);
}

/** Adds AWS's request id under the name that OpenAI's clients look for, unless that is set. */
export function withRequestId(response: Response): Response {
  const id = response.headers.get("x-amzn-requestid");
  if (id === null || response.headers.has("x-request-id") || isTaken(response)) return response;
  const changes = { status: response.status, headers: { "x-request-id": id } };
  return replaceResponse(response, response.body, changes);
}

/** Reports a refusal of this module so that the OpenAI client passes it on and does not retry. */
export function errorResponse(error: BedrockError, names: OptionNames): Response {
  const status = /^(?:credentials|permission|aws_package)_/.test(error.code) ? 401 : 400;
  return ownResponse(status, error.code, describeBare(error, names));
}

/** Renders a message without its cause, which a response does not have. */
export function describeBare(error: BedrockError, names: OptionNames): string {
  return describeError(error, names, ["cause"]);
}

/** Makes a response of this module's own, which is not to be retried. */
function ownResponse(status: number, code: string, message: string): Response {
  const error = { message, type: "bedrock_error", code, param: null };
  return Response.json({ error }, { status, headers: { "x-should-retry": "false" } });
}

/** Reports that no connection was made; that may change, so it may be retried. */
export function unreachableResponse(message: string): Response {
  const error = { message, type: "bedrock_error", code: "region_unserved", param: null };
  return Response.json({ error }, { status: 502 });
}

/** Replaces a redirect, which is never followed, by an explanation. */
export function refuseRedirect(redirect: Response, names: OptionNames): Response {
  const { status, headers } = redirect;
  const location = headers.get("location");
  const origin = location !== null && URL.canParse(location)
    ? ` to ${new URL(location).origin}`
    : "";
  cancelBody(redirect);
  const baseURL = nameOption("baseURL", names);
  const message = `The service redirected${origin}, which is not followed, as credentials would ` +
    `be sent along. Set ${baseURL} to where requests should go`;
  return ownResponse(status === 0 ? 502 : status, "redirected", message);
}
