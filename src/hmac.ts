import { joined, utf8 } from "./bytes.ts";
import { unhex } from "./hexadecimal.ts";

/** SHA-256 in hexadecimal, at once. */
export type Sha256 = (bytes: Uint8Array) => string;

/** SHA-256 takes so many bytes at a time. */
const BLOCK = 64;

/**
 * Takes a key for HMAC-SHA-256. By hand, as `createHmac` of Deno takes twice as long.
 *
 * @see https://www.rfc-editor.org/rfc/rfc2104#section-2
 */
export function hmacSha256(sha256: Sha256, key: Uint8Array): (text: string) => string {
  const block = new Uint8Array(BLOCK);
  block.set(key.length > BLOCK ? unhex(sha256(key)) : key);
  const inner = block.map((byte) => byte ^ 0x36);
  const outer = block.map((byte) => byte ^ 0x5c);
  return (text) => sha256(joined(outer, unhex(sha256(joined(inner, utf8(text))))));
}
