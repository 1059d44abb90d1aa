/** A fault of an event stream. */
export interface EventStreamFault {
  /** The way it ends, if it fails. */
  readonly end: "reset" | "stall" | undefined;
  /** The number of events before that. */
  readonly after: number;
  /** Drops `[DONE]` if true. */
  readonly withoutDone: boolean;
}

type Body = ReadableStream<Uint8Array<ArrayBuffer>>;

const FLUSH_MS = 20;
const encoder = new TextEncoder();

/** Adds a fault to an event stream, which occurs at its end at the latest. */
export function breakEventStream(body: Body, fault: EventStreamFault): Body {
  const reader = body.getReader();
  const next = eventBlocks(reader);
  let sent = 0;
  return new ReadableStream({
    async pull(controller) {
      let block = fault.end && sent === fault.after ? undefined : await next();
      while (fault.withoutDone && block?.trimEnd() === "data: [DONE]") block = await next();
      if (block !== undefined) {
        sent++;
        return controller.enqueue(encoder.encode(block));
      }
      if (fault.end === undefined) return controller.close();
      // A read without a result is never repeated
      if (fault.end === "stall") return;
      // Lets the events arrive that would be lost with the connection
      await new Promise((resolve) => setTimeout(resolve, FLUSH_MS));
      controller.error(new Error("The stream was reset, as the server was told"));
      await reader.cancel();
    },
    cancel: (reason) => reader.cancel(reason),
  }, { highWaterMark: 0 });
}

/** Reads one event at a time with its blank line; `undefined` at the end. */
function eventBlocks(
  reader: ReadableStreamDefaultReader<Uint8Array<ArrayBuffer>>,
): () => Promise<string | undefined> {
  const decoder = new TextDecoder("utf-8", { ignoreBOM: true });
  let text = "";
  return async () => {
    for (;;) {
      const blank = /\r\n\r\n|\n\n|\r\r/.exec(text);
      if (blank) {
        const end = blank.index + blank[0].length;
        const block = text.slice(0, end);
        text = text.slice(end);
        return block;
      }
      const { done, value } = await reader.read();
      if (done) {
        const rest = text;
        text = "";
        return rest || undefined;
      }
      text += decoder.decode(value, { stream: true });
    }
  };
}
