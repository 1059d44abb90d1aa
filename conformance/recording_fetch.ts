import type { ArrivedAnswer, SentRequest } from "./case.ts";

/** Answers a request that was sent, whose body is also given apart. */
export type Answer = (request: Request, sent: SentRequest) => Promise<Response>;

/** A request whose answer is still to come. */
type Departed = { -readonly [Field in keyof SentRequest]: SentRequest[Field] };

/** The statuses of answers that no body can be made for. */
const NULL_BODIES: readonly number[] = [204, 205, 304];

/** As much of an answer's text as is kept. */
const KEPT = 10_000;

/**
 * A `fetch` without a network: notes what is sent and what arrives, has it answered, and lets
 * signals end the wait and cut the answer off, as the platform's does. It follows no redirect.
 */
export function recordingFetch(answer: Answer, sent: SentRequest[]): typeof globalThis.fetch {
  return async (input: RequestInfo | URL, init?: RequestInit) => {
    const { signal: given, ...rest } = init ?? {};
    const signal = given ?? (input instanceof Request ? input.signal : undefined);
    const unread = new Request(input, rest);
    const body = new Uint8Array(await unread.arrayBuffer());
    const { method, url, headers } = unread;
    if (signal?.aborted) throw signal.reason;
    // Some clients try out what `fetch` can do; this leaves no process
    if (url.startsWith("data:")) return new Response();
    const redirect = rest.redirect ?? unread.redirect;
    const departed: Departed = { method, url, headers: new Headers(headers), body, redirect };
    sent.push(departed);
    const request = new Request(url, { method, headers, ...(body.length && { body }) });
    const answered = answer(request, departed);
    const arrived = signal ? await unlessAborted(answered, signal) : await answered;
    const { status } = arrived;
    departed.answer = { status, headers: new Headers(arrived.headers), text: "" };
    return noted(arrived, departed.answer, signal);
  };
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

/** Notes the text of an answer while it is read, and lets a signal cut it off. */
function noted(
  answer: Response,
  note: ArrivedAnswer,
  signal: AbortSignal | null | undefined,
): Response {
  // Some platforms give a body to what must have none
  if (!answer.body || NULL_BODIES.includes(answer.status)) return answer;
  const reader = answer.body.getReader();
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
      if (note.text.length < KEPT) note.text += decoder.decode(value, { stream: true });
      controller.enqueue(value);
    },
    cancel(reason) {
      release();
      return reader.cancel(reason);
    },
  }, { highWaterMark: 0 });
  const { status, statusText, headers } = answer;
  return new Response(body, { status, statusText, headers });
}
