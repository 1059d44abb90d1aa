import { BedrockError } from "../errors.ts";
import { concat, fromHex, toHex, utf8 } from "./bytes.ts";
import type { MaybePromise } from "./lazy.ts";
import { type MaybeNode, nodeBuiltin, type NodeHash } from "./node_builtins.ts";

/** Computes the HMAC-SHA-256 of a text in hexadecimal, with a key that cannot be read back. */
export type Hmac = (text: string) => MaybePromise<string>;

/** An implementation of SHA-256. */
export interface Digest {
  /** Hashes bytes, or the UTF-8 of a text, to hexadecimal. */
  sha256(data: string | Uint8Array<ArrayBuffer>): MaybePromise<string>;
  /** Imports a key. */
  hmac(key: Uint8Array<ArrayBuffer>): MaybePromise<Hmac>;
}

/** SHA-256 by Web Crypto, which nearly every runtime has and runs on another thread. */
export const webDigest: Digest = {
  async sha256(data) {
    const bytes = typeof data === "string" ? utf8(data) : data;
    return toHex(new Uint8Array(await webCrypto().digest("SHA-256", bytes)));
  },
  async hmac(bytes) {
    const algorithm = { name: "HMAC", hash: "SHA-256" };
    const key = await webCrypto().importKey("raw", bytes, algorithm, false, ["sign"]);
    return async (text) => toHex(new Uint8Array(await webCrypto().sign("HMAC", key, utf8(text))));
  },
};

/** The most data to hash on this thread; more would block it for milliseconds. */
const MAX_SYNC_BYTES = 4 * 1024 * 1024;

/**
 * Hashes with `node:crypto`, synchronously: for a signature, a round trip to a thread takes longer.
 */
function nodeDigest(hash: NodeHash): Digest {
  const sha256 = (data: string | Uint8Array) => hash("sha256", data, "hex");
  return {
    sha256: (data) => data.length > MAX_SYNC_BYTES ? webDigest.sha256(data) : sha256(data),
    hmac: (key) => hmacSha256(sha256, key),
  };
}

const BLOCK_BYTES = 64;

/**
 * Imports a key for HMAC-SHA-256. Uses plain hashes, as `createHmac` takes twice as long on Deno.
 *
 * @see https://www.rfc-editor.org/rfc/rfc2104#section-2
 */
export function hmacSha256(
  sha256: (bytes: Uint8Array) => string,
  key: Uint8Array,
): (text: string) => string {
  const block = new Uint8Array(BLOCK_BYTES);
  block.set(key.length > BLOCK_BYTES ? fromHex(sha256(key)) : key);
  const inner = block.map((byte) => byte ^ 0x36);
  const outer = block.map((byte) => byte ^ 0x5c);
  return (text) => sha256(concat(outer, fromHex(sha256(concat(inner, utf8(text))))));
}

/** Chooses the fastest digest of a runtime. */
export function fastestDigest(runtime?: MaybeNode): Digest {
  const hash = nodeBuiltin("node:crypto", runtime)?.hash;
  return hash ? nodeDigest(hash) : webDigest;
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
