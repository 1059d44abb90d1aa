import { bytesOf, type PlayedResponse, type StreamedBody } from "./cassette.ts";

/** Lets a server send the last chunk, which it would drop with the connection. */
const FLUSH_MS = 10;

/** Creates the response of a cassette, with pauses multiplied by `speed`. */
export function playResponse(response: PlayedResponse, speed: number): Response {
  const { status } = response;
  const headers = new Headers(
    response.headers.map(([name, value]): [string, string] => [name, value]),
  );
  if (response.chunks) return new Response(stream(response, speed), { status, headers });
  // Bytes: a string would get the type `text/plain` if the service gave it none
  const body = response.body ? bytesOf(response.body) : null;
  return new Response(body, { status, headers });
}

/** Streams each chunk on its own, so that a client sees the chunks of the cassette. */
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
      await pause(FLUSH_MS);
      controller.error(new TypeError("The connection was reset"));
    },
    cancel() {
      clearTimeout(timer);
    },
  }, { highWaterMark: 0 });
}
