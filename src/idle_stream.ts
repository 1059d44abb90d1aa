import { inPlaceOf } from "./answer.ts";

/** Ends an answer in an error where nothing comes for so long, in milliseconds. */
export function notIdle(answer: Response, idleTimeoutMs: number | undefined): Response {
  if (idleTimeoutMs === undefined || !answer.body) return answer;
  const reader = answer.body.getReader();
  const body = new ReadableStream<Uint8Array>({
    async pull(controller) {
      const { done, value } = await withinIdle(reader, idleTimeoutMs);
      if (done) controller.close();
      else controller.enqueue(value);
    },
    cancel: (reason) => reader.cancel(reason),
  }, { highWaterMark: 0 });
  return inPlaceOf(answer, body);
}

async function withinIdle(
  reader: ReadableStreamDefaultReader<Uint8Array>,
  idleTimeoutMs: number,
): Promise<ReadableStreamReadResult<Uint8Array>> {
  let timer: ReturnType<typeof setTimeout> | undefined;
  const idle = new Promise<never>((_, reject) => {
    timer = setTimeout(() => {
      const error = new DOMException(
        `The answer timed out: nothing came for ${idleTimeoutMs} ms`,
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
}
