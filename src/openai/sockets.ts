import { BedrockError } from "../errors.ts";

/**
 * Makes the SDK fail before it opens a WebSocket with this client: its socket classes, in 6.45.0 to
 * 7.57.0, first read the client's `apiKey`. A client with a provider has none, and would send the
 * text `null`. `OpenAIRealtimeTranslationWS` refuses such clients itself.
 */
export function refuseSockets(client: object): void {
  Object.defineProperty(client, "apiKey", {
    configurable: true,
    enumerable: false,
    get() {
      throw new BedrockError(
        "sockets_unsupported",
        "A Bedrock client cannot open realtime or other WebSocket sessions, and has no `apiKey` " +
          "to read: Bedrock is not known to serve WebSockets. Stream with `stream: true` instead",
      );
    },
    // The SDK's constructor has already set it
    set() {
      throw new BedrockError(
        "option_invalid",
        "The `apiKey` of a Bedrock client cannot be changed. Create another client with " +
          "`client.withOptions({ apiKey })`, or pass a `bedrockTokenProvider` that returns the key",
        { option: "apiKey" },
      );
    },
  });
}
