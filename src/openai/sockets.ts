import { BedrockError } from "../errors.ts";

/**
 * Makes every attempt of the SDK to open a WebSocket with a client fail before there is a socket:
 * its socket classes, in 6.45.0 to 7.57.0, first read the client's `apiKey`. A client with a
 * provider has none, and would send the text `null` for it. Only `OpenAIRealtimeTranslationWS`
 * refuses a client with a provider by itself, before that.
 */
export function refuseSockets(client: object): void {
  Object.defineProperty(client, "apiKey", {
    configurable: true,
    enumerable: false,
    get() {
      throw new BedrockError(
        "sockets_unsupported",
        "A Bedrock client cannot open realtime or other WebSocket sessions, and has no `apiKey` " +
          "to read: Bedrock is not known to serve sockets. Stream with `stream: true` instead",
      );
    },
    // The SDK's constructor has set it before
    set() {
      throw new BedrockError(
        "option_invalid",
        "The `apiKey` of a Bedrock client cannot be set after it is created. Create another with " +
          "`client.withOptions({ apiKey })`, or pass a `bedrockTokenProvider` that returns the key",
        { option: "apiKey" },
      );
    },
  });
}
