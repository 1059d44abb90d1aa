const encoder = new TextEncoder();

/** Creates an event stream that sends one block at a time, and stops when its reader does. */
export function eventStream(blocks: Iterable<string>, delayMs: number): Response {
  const iterator = blocks[Symbol.iterator]();
  let timer: ReturnType<typeof setTimeout> | undefined;
  let started = false;
  const body = new ReadableStream<Uint8Array<ArrayBuffer>>({
    async pull(controller) {
      const { done, value } = iterator.next();
      if (done) return controller.close();
      if (started && delayMs > 0) {
        await new Promise((resolve) => timer = setTimeout(resolve, delayMs));
      }
      started = true;
      controller.enqueue(encoder.encode(value));
    },
    cancel() {
      clearTimeout(timer);
    },
  }, { highWaterMark: 0 });
  const headers = { "content-type": "text/event-stream", "cache-control": "no-cache" };
  return new Response(body, { headers });
}
