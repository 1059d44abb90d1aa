import { bytesOf } from "./cassette.ts";
import type { PlayedResponse, StreamedBody } from "./cassette.ts";

const SENDING_MS = 10;

/** Makes the answer that a cassette holds; pauses are multiplied by `speed`. */
export function playedResponse(response: PlayedResponse, speed: number): Response {
  const { status } = response;
  const headers = new Headers(
    response.headers.map(([name, value]): [string, string] => [name, value]),
  );
  if (response.chunks) return new Response(stream(response, speed), { status, headers });
  // Bytes, as a string would be called `text/plain` where the service gave it no type.
  const body = response.body ? bytesOf(response.body) : null;
  return new Response(body, { status, headers });
}

/** Each chunk is read on its own: a client sees the borders that the cassette has. */
function stream(
  { chunks, end }: StreamedBody,
  speed: number,
): ReadableStream<Uint8Array<ArrayBuffer>> {
  let next = 0;
  let timer: ReturnType<typeof setTimeout> | undefined;
  const pause = async (ms: number) => {
    if (ms > 0) await new Promise((resolve) => timer = setTimeout(resolve, ms));
  };
  return new ReadableStream({
    async pull(controller) {
      const chunk = chunks[next++];
      if (chunk) {
        await pause(chunk.afterMs * speed);
        return controller.enqueue(bytesOf(chunk));
      }
      if (end !== "abort") return controller.close();
      // Time for a server to send the last chunk, which it would drop with the connection.
      await pause(SENDING_MS);
      controller.error(new TypeError("The connection was reset"));
    },
    cancel() {
      clearTimeout(timer);
    },
  }, { highWaterMark: 0 });
}
