import { builtinModule, type MaybeNode, type NodeHash } from "./builtin_module.ts";
import { utf8 } from "./bytes.ts";
import { BedrockError } from "./errors.ts";
import { hex } from "./hexadecimal.ts";
import { hmacSha256 } from "./hmac.ts";
import type { Soon } from "./soon.ts";

/** HMAC-SHA-256 of a text in hexadecimal, with a key that nobody can read from it. */
export type Hmac = (text: string) => Soon<string>;

/** SHA-256, as some part of a runtime computes it. */
export interface Digest {
  /** In hexadecimal; of a text, that of its UTF-8. */
  sha256(data: string | Uint8Array<ArrayBuffer>): Soon<string>;
  /** Takes a key. */
  hmac(key: Uint8Array<ArrayBuffer>): Soon<Hmac>;
}

/** By Web Crypto, which nearly every runtime has, and which answers a while later from another thread. */
export const webDigest: Digest = {
  async sha256(data) {
    const bytes = typeof data === "string" ? utf8(data) : data;
    return hex(new Uint8Array(await webCrypto().digest("SHA-256", bytes)));
  },
  async hmac(bytes) {
    const algorithm = { name: "HMAC", hash: "SHA-256" };
    const key = await webCrypto().importKey("raw", bytes, algorithm, false, ["sign"]);
    return async (text) => hex(new Uint8Array(await webCrypto().sign("HMAC", key, utf8(text))));
  },
};

/** What is longer would hold up everything else for milliseconds: another thread takes it. */
const LONGEST_AT_ONCE = 4 * 1024 * 1024;

/** By `node:crypto`, which answers at once: what is signed is far shorter than the way to a thread. */
function nodeDigest(hash: NodeHash): Digest {
  const atOnce = (data: string | Uint8Array) => hash("sha256", data, "hex");
  return {
    sha256: (data) => data.length > LONGEST_AT_ONCE ? webDigest.sha256(data) : atOnce(data),
    hmac: (key) => hmacSha256(atOnce, key),
  };
}

/** The fastest that a runtime has. */
export function digestOf(runtime?: MaybeNode): Digest {
  const hash = builtinModule("node:crypto", runtime)?.hash;
  return hash ? nodeDigest(hash) : webDigest;
}

let ofRuntime: Digest | undefined;

/** The fastest that this runtime has, looked for when it is first needed. */
export function runtimeDigest(): Digest {
  return ofRuntime ??= digestOf();
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
