import type { ReceivedResponse, SentRequest } from "./case.ts";

/** A request whose response is still to come. */
type PendingRequest = { -readonly [Field in keyof SentRequest]: SentRequest[Field] };

/** The statuses of responses without a body. */
const NULL_BODY_STATUSES: readonly number[] = [204, 205, 304];

/** The number of characters of a response that are kept. */
const MAX_TEXT = 10_000;

/**
 * Creates a `fetch` without a network that records requests and responses. Like the platform's, it
 * lets signals end the wait and cut the response off. It follows no redirect.
 */
export function recordingFetch(
  respond: (sent: SentRequest) => Promise<Response>,
  sent: SentRequest[],
): typeof globalThis.fetch {
  return async (input: RequestInfo | URL, init?: RequestInit) => {
    const { signal: given, ...rest } = init ?? {};
    const signal = given ?? (input instanceof Request ? input.signal : undefined);
    const request = new Request(input, rest);
    const body = new Uint8Array(await request.arrayBuffer());
    const { method, url } = request;
    if (signal?.aborted) throw signal.reason;
    // Some clients probe what `fetch` can do; this leaves no process
    if (url.startsWith("data:")) return new Response();
    const redirect = rest.redirect ?? request.redirect;
    const pending: PendingRequest = {
      method,
      url,
      headers: new Headers(request.headers),
      body,
      redirect,
    };
    sent.push(pending);
    const responding = respond(pending);
    const response = signal ? await unlessAborted(responding, signal) : await responding;
    const { status, headers } = response;
    pending.response = { status, headers: new Headers(headers), text: "" };
    return recordBody(response, pending.response, signal);
  };
}

/** Sends a recorded request over the network, and follows no redirect. */
export function sendOverSocket(
  fetch: typeof globalThis.fetch,
  { method, url, headers, body }: SentRequest,
): Promise<Response> {
  return fetch(url, { method, headers, ...(body.length && { body }), redirect: "manual" });
}

async function unlessAborted<T>(promise: Promise<T>, signal: AbortSignal): Promise<T> {
  let abort = () => {};
  const aborted = new Promise<never>((_, reject) => abort = () => reject(signal.reason));
  signal.addEventListener("abort", abort);
  try {
    return await Promise.race([promise, aborted]);
  } finally {
    signal.removeEventListener("abort", abort);
  }
}

/** Records the text of a response while it is read, and lets a signal cut it off. */
function recordBody(
  response: Response,
  record: ReceivedResponse,
  signal: AbortSignal | null | undefined,
): Response {
  // Some platforms give these an empty body
  if (!response.body || NULL_BODY_STATUSES.includes(response.status)) return response;
  const reader = response.body.getReader();
  const decoder = new TextDecoder();
  let abort = () => {};
  const release = () => signal?.removeEventListener("abort", abort);
  const body = new ReadableStream<Uint8Array>({
    start(controller) {
      abort = () => {
        controller.error(signal?.reason);
        reader.cancel(signal?.reason).catch(() => {});
      };
      signal?.addEventListener("abort", abort, { once: true });
    },
    async pull(controller) {
      const { done, value } = await reader.read();
      if (done) {
        release();
        return controller.close();
      }
      if (record.text.length < MAX_TEXT) record.text += decoder.decode(value, { stream: true });
      controller.enqueue(value);
    },
    cancel(reason) {
      release();
      return reader.cancel(reason);
    },
  }, { highWaterMark: 0 });
  const { status, statusText, headers } = response;
  return new Response(body, { status, statusText, headers });
}
