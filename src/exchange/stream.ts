import { passThrough, type Read } from "./response.ts";

/** Fails a response if no data arrives for so many milliseconds. */
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
