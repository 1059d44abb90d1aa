import { sameSecret } from "../loopback/constant_time.ts";
import { invalid, Refusal } from "../loopback/refusal.ts";

/** A new key: 32 random bytes, in characters that need no quoting. */
export function randomKey(): string {
  const bytes = crypto.getRandomValues(new Uint8Array(32));
  return btoa(String.fromCharCode(...bytes))
    .replaceAll("+", "-").replaceAll("/", "_").replaceAll("=", "");
}

/**
 * Lets in only who has the key. That it was called by its own name, the server has checked.
 *
 * @throws {Refusal} For anybody else, for what only browsers ask, and for sockets.
 */
export function assertAdmitted(request: Request, key: string): void {
  const { headers, method, url } = request;
  // Bun makes requests of what is no URL
  if (!URL.canParse(url)) throw invalid("The request must have a valid URL");
  if (method === "OPTIONS") {
    throw new Refusal(
      403,
      "preflight_refused",
      "invalid_request_error",
      "Pages in a browser may not use this server",
    );
  }
  const [, sent = ""] = /^Bearer +(\S+)$/i.exec(headers.get("authorization") ?? "") ?? [];
  if (!sameSecret(sent, key)) {
    throw new Refusal(
      401,
      "invalid_api_key",
      "invalid_request_error",
      "Send the key that the proxy printed when it started, as Authorization: Bearer <key>",
    );
  }
  if (/\bwebsocket\b/i.test(headers.get("upgrade") ?? "")) {
    throw new Refusal(
      400,
      "sockets_unsupported",
      "invalid_request_error",
      "Realtime and other WebSocket sessions are not served: Bedrock is not known to serve " +
        "sockets. Stream over HTTP instead",
    );
  }
}
