import assert from "node:assert/strict";
import { test } from "node:test";
import type { Handler } from "../../loopback/handler.ts";
import { withServer } from "../support/local_mantle.ts";
import { rawConnection } from "../support/raw_connection.ts";

/** A limit for tests that would otherwise wait forever if they failed. */
const LIMIT = { timeout: 20_000 };

/** Creates a request in bytes. */
function request(origin: string, path: string, body?: string): string {
  const { host } = new URL(origin);
  return body === undefined
    ? `GET ${path} HTTP/1.1\r\nhost: ${host}\r\n\r\n`
    : `POST ${path} HTTP/1.1\r\nhost: ${host}\r\ncontent-length: ${body.length}\r\n\r\n${body}`;
}

/** Creates a handler whose responses to `/held` wait until they are released. */
function holding() {
  const { promise: released, resolve: release } = Promise.withResolvers<void>();
  const { promise: held, resolve: hold } = Promise.withResolvers<void>();
  const { promise: gone, resolve: leave } = Promise.withResolvers<void>();
  const paths: string[] = [];
  const handler: Handler = async (request) => {
    const { pathname } = new URL(request.url);
    paths.push(pathname);
    if (pathname !== "/held") return new Response(pathname);
    request.signal.addEventListener("abort", () => leave());
    hold();
    await released;
    return new Response(pathname);
  };
  return { handler, paths, held, release, gone };
}

/** Lists the statuses and bodies of chunked responses, in order of arrival. */
function statusesAndPaths(received: string): string[] {
  return [...received.matchAll(/^HTTP\/1\.1 (\d+)|^(\/\w+)\r$/gm)].map(([, status, path]) =>
    status ?? path ?? ""
  );
}

test("pipelined requests are served one after the other, in order", LIMIT, async () => {
  const { handler, paths, held, release } = holding();
  await withServer(handler, async (origin) => {
    const all = ["/held", "/second", "/third"].map((path) => request(origin, path)).join("");
    const connection = rawConnection(origin, all);
    await held;
    // What would be started has been by then
    await (await fetch(`${origin}/beside`)).text();
    assert.deepEqual(paths, ["/held", "/beside"]);
    release();
    const received = await connection.received(/\/third\r\n0\r\n/);
    assert.deepEqual(statusesAndPaths(received), [
      "200",
      "/held",
      "200",
      "/second",
      "200",
      "/third",
    ]);
    connection.leave();
  });
});

test(
  "all exchanges of a connection end when it closes, and waiting ones never start",
  LIMIT,
  async () => {
    const { handler, paths, held, gone } = holding();
    await withServer(handler, async (origin) => {
      const all = ["/held", "/second", "/third"].map((path) => request(origin, path)).join("");
      const connection = rawConnection(origin, all);
      await held;
      connection.leave();
      await gone;
      await (await fetch(`${origin}/beside`)).text();
      assert.deepEqual(paths, ["/held", "/beside"]);
    });
  },
);

test(
  "an exchange ends when its connection closes, even with unread data",
  LIMIT,
  async () => {
    const { handler, paths, held, gone } = holding();
    await withServer(handler, async (origin) => {
      const long = request(origin, "/long", "x".repeat(1 << 20));
      const connection = rawConnection(origin, request(origin, "/held") + long);
      await held;
      connection.leave();
      await gone;
      assert.deepEqual(paths, ["/held"]);
    });
  },
);

/** Bun hands out the next request of a connection only once the last one is responded to. */
const ONE_AT_A_TIME = "Bun" in globalThis;

test(
  "a pipelined request with a body is not served before the connection can be read",
  LIMIT,
  async () => {
    const { handler, paths, held, release } = holding();
    await withServer(handler, async (origin) => {
      const posted = request(origin, "/posted", "body");
      const connection = rawConnection(origin, request(origin, "/held") + posted);
      await held;
      release();
      const received = await connection.received(/\/posted\r\n0\r\n/);
      const served = ONE_AT_A_TIME ? ["/held", "/posted"] : ["/held"];
      assert.deepEqual(statusesAndPaths(received), served.flatMap((path) => ["200", path]));
      assert.deepEqual(paths, served);
      connection.leave();
    });
  },
);

test("the number of pipelined requests that wait is limited", LIMIT, async () => {
  const { handler, held, release } = holding();
  await withServer(handler, async (origin) => {
    const many = request(origin, "/many").repeat(98) + request(origin, "/last");
    const connection = rawConnection(origin, request(origin, "/held") + many);
    await held;
    release();
    const received = await connection.received(/\/last\r\n/);
    assert.equal(statusesAndPaths(received).length, 2 * (ONE_AT_A_TIME ? 100 : 32));
    connection.leave();
  });
});

for (
  const [what, text, status] of [
    ["what is no request", "garbage\r\n\r\n", "400"],
    ["CONNECT", "CONNECT evil.example:443 HTTP/1.1\r\nhost: evil.example:443\r\n\r\n", "405"],
  ] as const
) {
  test(
    `${what} is refused after the responses before it, however long they are`,
    LIMIT,
    async () => {
      const { promise: asked, resolve: ask } = Promise.withResolvers<void>();
      const { promise: released, resolve: release } = Promise.withResolvers<void>();
      const body = "x".repeat(1 << 20);
      const handler = async () => {
        ask();
        await released;
        return new Response(new Blob([body]).stream());
      };
      await withServer(handler, async (origin) => {
        const connection = rawConnection(origin, request(origin, "/long") + text);
        await asked;
        release();
        const received = await connection.whole();
        assert.deepEqual(statusesAndPaths(received), ["200", status]);
        assert.ok(received.split("x").length > body.length);
        assert.match(received, /\r\nconnection: close\r\n\r\n\{"error":[^\r]*\}$/i);
      });
    },
  );

  for (const how of ["leave", "reset"] as const) {
    test(
      `a ${how} after ${what} ends the exchange before it, and the server goes on`,
      LIMIT,
      async () => {
        const { handler, held, gone } = holding();
        await withServer(handler, async (origin) => {
          const connection = rawConnection(origin, request(origin, "/held") + text);
          await held;
          connection[how]();
          await gone;
          assert.equal(await (await fetch(`${origin}/beside`)).text(), "/beside");
        });
      },
    );
  }
}

test("a request whose body turns out to be malformed has one response", LIMIT, async () => {
  const handler: Handler = async (request) => {
    if (new URL(request.url).pathname === "/read") await request.text();
    return new Response("early");
  };
  await withServer(handler, async (origin) => {
    const { host } = new URL(origin);
    for (const [path, statuses] of [["/read", ["400"]], ["/unread", ["200"]]] as const) {
      const connection = rawConnection(
        origin,
        `POST ${path} HTTP/1.1\r\nhost: ${host}\r\ntransfer-encoding: chunked\r\n\r\n`,
      );
      if (path === "/unread") await connection.received(/early/);
      connection.write("no size\r\n");
      assert.deepEqual(statusesAndPaths(await connection.whole()), statuses, path);
    }
  });
});

/** Requests that are refused as such, after which nothing of the connection is read. */
const LAST: Record<string, (host: string) => string> = {
  "505": (host) => `GET /a HTTP/1.0\r\nhost: ${host}\r\nconnection: keep-alive\r\n\r\n`,
  "417": (host) => `GET /a HTTP/1.1\r\nhost: ${host}\r\nexpect: something\r\n\r\n`,
  "400": (host) => `GET /a#b HTTP/1.1\r\nhost: ${host}\r\n\r\n`,
};

for (const [status, lines] of Object.entries(LAST)) {
  test(
    `a request that is refused with ${status} is the last of its connection`,
    LIMIT,
    async () => {
      const { handler, paths } = holding();
      await withServer(handler, async (origin) => {
        const more = request(origin, "/more");
        const received = await rawConnection(origin, lines(new URL(origin).host) + more).whole();
        assert.deepEqual(statusesAndPaths(received), [status]);
        assert.deepEqual(paths, []);
      });
    },
  );
}

test(
  "a request to change the protocol is served as any other, and is the last of its connection",
  LIMIT,
  async () => {
    const { handler, paths } = holding();
    await withServer(handler, async (origin) => {
      const { host } = new URL(origin);
      const upgrade =
        `GET /first HTTP/1.1\r\nhost: ${host}\r\nconnection: upgrade\r\nupgrade: h2c\r\n\r\n`;
      const received = await rawConnection(origin, upgrade + request(origin, "/more")).whole();
      assert.deepEqual(statusesAndPaths(received), ["200", "/first"]);
      assert.deepEqual(paths, ["/first"]);
    });
  },
);

test(
  "a request with more headers than are counted is refused, and is the last one",
  LIMIT,
  async () => {
    const { handler, paths } = holding();
    await withServer(handler, async (origin) => {
      const { host } = new URL(origin);
      const withHeaders = (count: number) =>
        `GET /first HTTP/1.1\r\nhost: ${host}\r\n${"x-a: 1\r\n".repeat(count - 1)}\r\n`;
      const most = rawConnection(origin, withHeaders(100));
      await most.received(/\/first\r\n0\r\n/);
      most.leave();
      const more = await rawConnection(origin, withHeaders(101) + request(origin, "/more")).whole();
      assert.deepEqual(statusesAndPaths(more), ["431"]);
      assert.match(more, /"code":"too_many_headers"/);
      assert.deepEqual(paths, ["/first"]);
    });
  },
);

test("100 Continue is sent only once the body is read", LIMIT, async () => {
  const handler: Handler = async (request) =>
    new Response(new URL(request.url).pathname === "/read" ? await request.text() : null);
  await withServer(handler, async (origin) => {
    const { host } = new URL(origin);
    for (const [path, first] of [["/read", "100"], ["/unread", "200"]] as const) {
      const connection = rawConnection(
        origin,
        `POST ${path} HTTP/1.1\r\nhost: ${host}\r\nexpect: 100-continue\r\ncontent-length: 4\r\n\r\n`,
      );
      assert.deepEqual(statusesAndPaths(await connection.received(/\r\n\r\n/)), [first]);
      if (first === "100") {
        connection.write("bo");
        await (await fetch(`${origin}/beside`)).text();
        connection.write("dy");
        const received = await connection.received(/\r\n0\r\n/);
        assert.match(received, /\r\n4\r\nbody\r\n0\r\n/);
        assert.deepEqual(statusesAndPaths(received), ["100", "200"]);
      }
      connection.leave();
    }
  });
});

test(
  "Content-Length is that of the actual body, and absent without a body",
  LIMIT,
  async () => {
    const claims = { "content-length": "7", trailer: "x", connection: "x-a", upgrade: "h2c" };
    const handler: Handler = (request) => {
      const status = Number(new URL(request.url).pathname.slice(1));
      return new Response(status === 200 ? "four" : null, { status, headers: claims });
    };
    await withServer(handler, async (origin) => {
      const { host } = new URL(origin);
      const head = `HTTP/1.1\r\nhost: ${host}\r\nconnection: close\r\n\r\n`;
      const get = await rawConnection(origin, `GET /200 ${head}`).whole();
      assert.match(get, /\r\ncontent-length: 4\r\n[^]*\r\n\r\nfour$/i);
      assert.doesNotMatch(get, /\r\n(?:trailer|upgrade|transfer-encoding):|x-a|: 7\r\n/i);
      for (const start of ["HEAD /200", "GET /204", "GET /304"]) {
        const received = await rawConnection(origin, `${start} ${head}`).whole();
        assert.doesNotMatch(received, /\r\n(?:content-length|transfer-encoding|trailer):/i, start);
        assert.match(received, /\r\n\r\n$/);
      }
    });
  },
);
