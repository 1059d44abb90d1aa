import { passedOn, type Read } from "./answer.ts";

/** Ends an answer in an error where nothing comes for so long, in milliseconds. */
export function notIdle(answer: Response, idleTimeoutMs: number | undefined): Response {
  return idleTimeoutMs === undefined
    ? answer
    : passedOn(answer, () => {}, readingWithin(idleTimeoutMs));
}

function readingWithin(idleTimeoutMs: number): Read {
  return async (reader) => {
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
  };
}
