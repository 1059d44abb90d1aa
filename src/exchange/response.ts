import { type BedrockError, describeError, nameOption, type OptionNames } from "../errors.ts";
import { defineHidden } from "../platform/read_options.ts";

/** The differences of a replacement response. */
interface Changes {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
}

/**
 * The highest status that a `Response` can be constructed with; a service may send any three
 * digits.
 */
const MAX_STATUS = 599;

/**
 * The statuses without a body. Chromium's responses have one, but cannot be constructed with it.
 */
const BODILESS: readonly number[] = [204, 205, 304];

/** Replaces the body of a response, and its status and headers as given; the URL stays. */
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
 * Checks if a body cannot be moved to another response: it is being read, or is not a platform
 * stream, as with the `fetch` of some packages.
 */
export function isTaken({ body, bodyUsed }: Response): boolean {
  return bodyUsed || (!!body && (body.locked || typeof body.getReader !== "function"));
}

/** Cancels a body that nobody will read. */
export function cancelBody({ body }: Response): void {
  if (typeof body?.cancel === "function") body.cancel().catch(() => {});
}

/** Reads the next chunk of a body. */
type Read = (
  reader: ReadableStreamDefaultReader<Uint8Array>,
) => Promise<ReadableStreamReadResult<Uint8Array>>;

/** Passes a body through chunk by chunk, without reading ahead. */
export function passThrough(
  response: Response,
  look: (chunk: Uint8Array) => void,
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

/** Fails a response if no data arrives for `idleTimeoutMs` milliseconds. */
export function limitIdleTime(response: Response, idleTimeoutMs: number | undefined): Response {
  return idleTimeoutMs === undefined
    ? response
    : passThrough(response, () => {}, readWithin(idleTimeoutMs));
}

function readWithin(idleTimeoutMs: number): Read {
  return async (reader) => {
    let timer: ReturnType<typeof setTimeout> | undefined;
    const idle = new Promise<never>((_, reject) => {
      timer = setTimeout(() => {
        const error = new DOMException(
          `The response timed out: no data arrived for ${idleTimeoutMs} ms`,
          "TimeoutError",
        );
        reject(error);
        reader.cancel(error).catch(() => {});
      }, idleTimeoutMs);
    });
    try {
      return await Promise.race([reader.read(), idle]);
    } finally {
      clearTimeout(timer);
    }
  };
}

/** Copies AWS's request id to the header that OpenAI's clients read, unless it is set. */
export function withRequestId(response: Response): Response {
  const id = response.headers.get("x-amzn-requestid");
  if (id === null || response.headers.has("x-request-id") || isTaken(response)) return response;
  const changes = { status: response.status, headers: { "x-request-id": id } };
  return replaceResponse(response, response.body, changes);
}

/** Turns an error of this module into a response that the OpenAI client does not retry. */
export function errorResponse(error: BedrockError, names: OptionNames): Response {
  const status = /^(?:credentials|permission|aws_package)_/.test(error.code) ? 401 : 400;
  return ownResponse(status, error.code, describeBare(error, names));
}

/** Renders a message without pointing to the cause, which a response cannot carry. */
export function describeBare(error: BedrockError, names: OptionNames): string {
  return describeError(error, names, ["cause"]);
}

/** Creates a response of this module's own, marked as not to be retried. */
function ownResponse(status: number, code: string, message: string): Response {
  const error = { message, type: "bedrock_error", code, param: null };
  return Response.json({ error }, { status, headers: { "x-should-retry": "false" } });
}

/** Creates a response for a failed connection, which may be retried. */
export function unreachableResponse(message: string): Response {
  const error = { message, type: "bedrock_error", code: "region_unserved", param: null };
  return Response.json({ error }, { status: 502 });
}

/** Replaces a redirect with an error that says where it led. */
export function refuseRedirect(redirect: Response, names: OptionNames): Response {
  const { status, headers } = redirect;
  const location = headers.get("location");
  const origin = location !== null && URL.canParse(location)
    ? ` to ${new URL(location).origin}`
    : "";
  cancelBody(redirect);
  const baseURL = nameOption("baseURL", names);
  const message =
    `The service redirected${origin}, but redirects are not followed: they would carry the ` +
    `credentials along. Set ${baseURL} to the final address`;
  return ownResponse(status === 0 ? 502 : status, "redirected", message);
}
