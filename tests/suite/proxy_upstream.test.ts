import assert from "node:assert/strict";
import { test } from "node:test";
import { withRawReplies, withRawServer } from "../properties/raw_server.ts";
import { bedrock } from "../../mod.ts";
import { proxy } from "../../proxy/handler.ts";
import { sendOnce } from "../../proxy/send_once.ts";
import { withServer } from "../support/local_mantle.ts";
import { rawConnection } from "../support/raw_connection.ts";

/** A limit for tests that would otherwise wait forever if they failed. */
const LIMIT = { timeout: 20_000 };

/** Returns everything that a client gets through a proxy from a service that sends these bytes. */
async function relayed(bytes: string, method = "GET"): Promise<{ head: string; rest: string }> {
  let received = "";
  await withRawServer(bytes, async (upstream) => {
    const env = {};
    const options = { baseURL: `${upstream}/v1`, apiKey: "token", fetch: sendOnce(), env };
    const { url, fetch } = bedrock(options);
    const handler = proxy({ url, fetch, roots: ["/v1"], key: "key" });
    await withServer(handler, async (origin) => {
      const { error } = console;
      console.error = () => {};
      const connection = rawConnection(
        origin,
        `${method} /v1/models HTTP/1.1\r\nhost: ${new URL(origin).host}\r\n` +
          "authorization: Bearer key\r\nconnection: close\r\n\r\n",
      );
      received = await connection.whole();
      console.error = error;
    });
  });
  const end = received.indexOf("\r\n\r\n");
  return { head: received.slice(0, end), rest: received.slice(end + 4) };
}

const SECOND = "HTTP/1.1 200 OK\r\ncontent-length: 6\r\n\r\nsecond";

/** Responses of a service, and the bytes that its client gets after the head. */
const WHOLE: Record<string, { readonly bytes: string; readonly body: string }> = {
  "a body longer than its length": {
    bytes: "HTTP/1.1 200 OK\r\ncontent-length: 2\r\n\r\n{}more",
    body: "2\r\n{}\r\n0\r\n\r\n",
  },
  "a second response": {
    bytes: `HTTP/1.1 200 OK\r\ncontent-length: 2\r\n\r\n{}${SECOND}`,
    body: "2\r\n{}\r\n0\r\n\r\n",
  },
  "what looks like a second response in a body": {
    bytes: `HTTP/1.1 200 OK\r\ncontent-length: ${SECOND.length}\r\n\r\n${SECOND}`,
    body: `${SECOND.length.toString(16)}\r\n${SECOND}\r\n0\r\n\r\n`,
  },
  "a body of no length, up to the end": {
    bytes: "HTTP/1.1 200 OK\r\n\r\n{}",
    body: "2\r\n{}\r\n0\r\n\r\n",
  },
  "chunks with extensions and trailers": {
    bytes: "HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\ntrailer: x-t\r\n\r\n" +
      "2;a=b\r\n{}\r\n0\r\nx-t: 1\r\n\r\n",
    body: "2\r\n{}\r\n0\r\n\r\n",
  },
  "a response before the final one": {
    bytes: "HTTP/1.1 103 Early Hints\r\nlink: <x>\r\n\r\n" +
      "HTTP/1.1 200 OK\r\ncontent-length: 2\r\n\r\n{}",
    body: "2\r\n{}\r\n0\r\n\r\n",
  },
  "headers of one connection": {
    bytes: "HTTP/1.1 200 OK\r\ncontent-length: 2\r\nconnection: keep-alive, x-odd\r\nx-odd: 1\r\n" +
      "upgrade: h2c\r\nkeep-alive: timeout=9\r\nproxy-connection: close\r\n\r\n{}",
    body: "2\r\n{}\r\n0\r\n\r\n",
  },
  "204 with a length": { bytes: "HTTP/1.1 204 No Content\r\ncontent-length: 6\r\n\r\n", body: "" },
  "304 with a length": {
    bytes: "HTTP/1.1 304 Not Modified\r\ncontent-length: 6\r\n\r\n",
    body: "",
  },
};

/** Headers of the service about framing or its connection. */
const FRAMING = /^(?:content-length|trailer|upgrade|x-odd|proxy-connection|link): |timeout=9/im;

for (const [what, { bytes, body }] of Object.entries(WHOLE)) {
  test(`no framing header reaches the client from ${what}`, LIMIT, async () => {
    const { head, rest } = await relayed(bytes);
    assert.match(head, /^HTTP\/1\.1 [23]0\d /);
    assert.doesNotMatch(head, FRAMING);
    assert.equal(rest, body);
  });
}

test("no Content-Length is passed on in response to HEAD", LIMIT, async () => {
  const { head, rest } = await relayed("HTTP/1.1 200 OK\r\ncontent-length: 6\r\n\r\n", "HEAD");
  assert.match(head, /^HTTP\/1\.1 200 /);
  assert.doesNotMatch(head, FRAMING);
  assert.equal(rest, "");
});

const CUT: Record<string, string> = {
  "a body shorter than its length": "HTTP/1.1 200 OK\r\ncontent-length: 6\r\n\r\n{}",
  "a chunk shorter than its size": "HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n6\r\n{}",
  "chunks without the last": "HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n2\r\n{}\r\n",
};

for (const [what, bytes] of Object.entries(CUT)) {
  test(`the client sees that ${what} is incomplete`, LIMIT, async () => {
    const { head, rest } = await relayed(bytes);
    // As much as had come, or nothing, but no end
    if (head !== "") assert.match(head, /^HTTP\/1\.1 200 [^]*\r\ntransfer-encoding: chunked/i);
    assert.match(rest, /^(?:2\r\n\{\}\r\n)?$/);
  });
}

const UNPASSABLE: Record<string, string> = {
  "101 that nobody asked for": "HTTP/1.1 101 Switching Protocols\r\n\r\n",
  "101 with a protocol":
    "HTTP/1.1 101 Switching Protocols\r\nconnection: upgrade\r\nupgrade: websocket\r\n\r\n",
  "600": "HTTP/1.1 600 Odd\r\ncontent-length: 2\r\n\r\n{}",
  "999": "HTTP/1.1 999 Odd\r\ncontent-length: 2\r\n\r\n{}",
};

for (const [what, bytes] of Object.entries(UNPASSABLE)) {
  test(`the proxy responds with 502 if the service responds with ${what}`, LIMIT, async () => {
    const { head, rest } = await relayed(bytes);
    assert.match(head, /^HTTP\/1\.1 502 /);
    assert.match(JSON.parse(rest).error.code, /^upstream_(?:invalid|unreachable)$/);
    assert.match(head, new RegExp(`^content-length: ${rest.length}$`, "im"));
  });
}

test("a request whose connection is lost is sent once, whatever its method", LIMIT, async () => {
  for (const method of ["GET", "POST", "DELETE"]) {
    let count = 0;
    const kept = "HTTP/1.1 200 OK\r\ncontent-length: 2\r\n\r\n{}";
    // The second request of a connection is lost with it
    const reply = (request: string) => {
      count++;
      return request.includes("/kept") ? kept : undefined;
    };
    await withRawReplies(reply, async (upstream) => {
      const send = sendOnce() ?? fetch;
      await (await send(`${upstream}/kept`)).text();
      await assert.rejects(send(`${upstream}/lost`, { method }));
    });
    assert.equal(count, 2, method);
  }
});
