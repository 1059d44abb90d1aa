import assert from "node:assert/strict";
import { test } from "node:test";
import { brotliCompressSync, deflateSync, gzipSync } from "node:zlib";
import { withProxy } from "../support/local_proxy.ts";

const TEXT = "hello hello";
/** In Base64, as not every runtime can make it. */
const ZSTD = new Uint8Array(
  [...atob("KLUv/SALWQAAaGVsbG8gaGVsbG8=")].map((byte) => byte.charCodeAt(0)),
);

/**
 * Fetches through the proxy a response in an encoding; returns it with the encodings requested
 * upstream.
 */
async function proxied(
  encoding: string,
  bytes: Uint8Array<ArrayBuffer>,
  { method = "GET", ...asking }: { method?: string; range?: string } = {},
) {
  let asked: string | null = null;
  const intercept = (request: Request) => {
    asked = request.headers.get("accept-encoding");
    const headers = { "content-encoding": encoding, "content-length": `${bytes.length}` };
    return new Response(method === "HEAD" ? null : bytes, { headers });
  };
  let said: { status: number; headers: Headers; text: string } | undefined;
  await withProxy(async ({ baseURL, headers }) => {
    const init = { method, headers: { ...headers, ...asking, "accept-encoding": "zstd" } };
    const response = await fetch(`${baseURL}/models`, init);
    // What is garbled cannot be read, which is for the claims to say
    const text = await response.text().catch(String);
    said = { status: response.status, headers: response.headers, text };
  }, { intercept });
  return { asked, ...said! };
}

for (
  const [encoding, encode] of [["gzip", gzipSync], ["GZIP", gzipSync], [
    "br",
    brotliCompressSync,
  ]] as const
) {
  test(`a response in ${encoding} is passed on decoded`, async () => {
    const bytes = new Uint8Array(encode(TEXT));
    const { asked, headers, text } = await proxied(encoding, bytes);
    assert.equal(asked, "gzip, br");
    assert.deepEqual([text, headers.get("content-encoding")], [TEXT, null]);
  });
}

for (const encoding of ["identity", "utf-8", "x-odd"]) {
  test(`a response in ${encoding}, which no fetch decodes, is passed on unchanged`, async () => {
    const { headers, text } = await proxied(encoding, new TextEncoder().encode(TEXT));
    assert.deepEqual([text, headers.get("content-encoding")], [TEXT, encoding]);
  });
}

for (
  const [encoding, bytes] of [
    ["deflate", new Uint8Array(deflateSync(TEXT))],
    ["zstd", ZSTD],
    ["x-gzip", new Uint8Array(gzipSync(TEXT))],
    ["gzip, br", new Uint8Array(brotliCompressSync(gzipSync(TEXT)))],
  ] as const
) {
  test(`a response in ${encoding}, which only some runtimes decode, is refused`, async () => {
    const { status, headers, text } = await proxied(encoding, bytes);
    assert.equal(status, 502);
    const { error } = JSON.parse(text);
    assert.equal(error.code, "encoding_not_asked_for");
    assert.ok(error.message.includes(`in the encoding "${encoding}", and was asked for gzip, br`));
    assert.equal(headers.get("content-encoding"), null);
  });
}

test("a response without a body keeps its Content-Encoding", async () => {
  const { status, headers } = await proxied("zstd", ZSTD, { method: "HEAD" });
  assert.deepEqual([status, headers.get("content-encoding")], [200, "zstd"]);
});

test("a range is requested without encoding, and refused if it is encoded", async () => {
  const { asked, status } = await proxied("gzip", new Uint8Array(gzipSync(TEXT)), {
    range: "bytes=0-4",
  });
  // Node adds its own
  assert.match(asked ?? "", /^identity(?:, identity)?$/);
  assert.equal(status, 502);
});
