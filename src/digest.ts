import { utf8 } from "./bytes.ts";
import { BedrockError } from "./errors.ts";

/** SHA-256. */
export function sha256(data: Uint8Array<ArrayBuffer>): Promise<ArrayBuffer> {
  return webCrypto().digest("SHA-256", data);
}

/** Imports bytes as a key for {@link hmacSha256}, never to be exported again. */
export function hmacKey(bytes: BufferSource): Promise<CryptoKey> {
  return webCrypto().importKey("raw", bytes, { name: "HMAC", hash: "SHA-256" }, false, ["sign"]);
}

/** HMAC-SHA-256 of a text. */
export function hmacSha256(key: CryptoKey, text: string): Promise<ArrayBuffer> {
  return webCrypto().sign("HMAC", key, utf8(text));
}

function webCrypto(): SubtleCrypto {
  const { crypto } = globalThis as { crypto?: { subtle?: SubtleCrypto } };
  if (crypto?.subtle) return crypto.subtle;
  throw new BedrockError(
    "web_crypto_missing",
    "Cannot sign without Web Crypto. Serve the page over https or from localhost, " +
      "or use a bearer token",
  );
}
