import assert from "node:assert/strict";
import { test } from "node:test";
import type { Fetch } from "../../mod.ts";
import { proxy } from "../../proxy/handler.ts";
import { withServer } from "../support/local_mantle.ts";
import { type RawConnection, rawConnection } from "../support/raw_connection.ts";

/** A limit for tests that would otherwise wait forever if they failed. */
const LIMIT = { timeout: 20_000 };

/** The service's reaction to a request: it responds, fails, or waits for an abort. */
type Way = "responds" | "fails" | "waits";

/** Runs a signing proxy that buffers up to 100 bytes of each body and 150 of all. */
async function withHolding(
  run: (to: { origin: string; arrived: (count: number) => Promise<void> }) => Promise<void>,
): Promise<void> {
  let count = 0;
  let look = () => {};
  const fetch: Fetch = async (input, init) => {
    const way = new URL(`${input}`).pathname.split("/").at(-1) as Way;
    count++;
    look();
    if (way === "responds") return new Response("done");
    if (way === "fails") throw new TypeError("fetch failed");
    return await new Promise((_, reject) => {
      init?.signal?.addEventListener("abort", () => reject(init.signal?.reason));
    });
  };
  const options = { url: "https://gateway.example/v1", roots: ["/v1"], fetch, key: "key" };
  const handler = proxy({ ...options, bufferLimit: 100, totalBufferLimit: 150 });
  const arrived = (wanted: number) =>
    new Promise<void>((resolve) => {
      look = () => count >= wanted && resolve();
      look();
    });
  const { error } = console;
  console.error = () => {};
  try {
    await withServer(handler, (origin) => run({ origin, arrived }));
  } finally {
    console.error = error;
  }
}

/** Starts to send a body of a length, or in chunks where there is none. */
function post(origin: string, way: Way, body: string, length?: number): RawConnection {
  const framing = length === undefined
    ? `transfer-encoding: chunked\r\n\r\n${body.length.toString(16)}\r\n${body}\r\n`
    : `content-length: ${length}\r\n\r\n${body}`;
  return rawConnection(
    origin,
    `POST /v1/${way} HTTP/1.1\r\nhost: ${new URL(origin).host}\r\nauthorization: Bearer key\r\n` +
      framing,
  );
}

async function statusOf(connection: RawConnection): Promise<string | undefined> {
  return /^HTTP\/1\.1 (\d+)/.exec(await connection.received(/\r\n\r\n[^]*(?:\}|done\r\n)/))?.[1];
}

/** Posts bodies that leave no byte free, one after the other. */
async function assertAllFree(origin: string): Promise<void> {
  for (const length of [100, 100]) {
    const connection = post(origin, "responds", "x".repeat(length), length);
    assert.equal(await statusOf(connection), "200");
    connection.leave();
  }
}

test(
  "all buffered bodies share a limit, beyond which a request is refused with Retry-After",
  LIMIT,
  async () => {
    await withHolding(async ({ origin, arrived }) => {
      const first = post(origin, "waits", "x".repeat(100), 100);
      await arrived(1);
      const fits = post(origin, "responds", "x".repeat(50), 50);
      assert.equal(await statusOf(fits), "200");
      for (
        const body of [post(origin, "responds", "", 51), post(origin, "responds", "x".repeat(51))]
      ) {
        const received = await body.received(/\}$/);
        assert.match(received, /^HTTP\/1\.1 503 [^]*\r\nretry-after: 1\r\n/i);
        assert.match(received, /"code":"too_many_bodies"[^]*150 bytes/);
        body.leave();
      }
      assert.equal(await statusOf(post(origin, "responds", "", 101)), "413");
      first.leave();
      fits.leave();
    });
  },
);

/** Ways for a request that holds 100 bytes to end. */
const ENDS: Record<
  string,
  (origin: string, arrived: (count: number) => Promise<void>) => Promise<void>
> = {
  "gets its response": async (origin) => {
    assert.equal(await statusOf(post(origin, "responds", "x".repeat(100), 100)), "200");
  },
  "fails upstream": async (origin) => {
    assert.equal(await statusOf(post(origin, "fails", "x".repeat(100), 100)), "502");
  },
  "is too long, in chunks": async (origin) => {
    assert.equal(await statusOf(post(origin, "responds", "x".repeat(101))), "413");
  },
  "is given up by its client while it waits": async (origin, arrived) => {
    const connection = post(origin, "waits", "x".repeat(100), 100);
    await arrived(1);
    connection.leave();
  },
  "breaks off in the middle of its body": async (origin) => {
    const connection = post(origin, "responds", "x", 100);
    // It holds what it has announced as soon as that shows
    while (await statusOf(post(origin, "responds", "", 51)) !== "503");
    connection.leave();
  },
  "turns out to be malformed": async (origin) => {
    const connection = post(origin, "responds", "x".repeat(99));
    connection.write("no size\r\n");
    assert.equal(await statusOf(connection), "400");
  },
};

for (const [end, run] of Object.entries(ENDS)) {
  test(`a buffered body is released once its request ${end}`, LIMIT, async () => {
    await withHolding(async ({ origin, arrived }) => {
      await run(origin, arrived);
      // When the end of a connection shows is up to the system
      const full = async () => {
        const connection = post(origin, "responds", "x".repeat(100), 100);
        const status = await statusOf(connection);
        connection.leave();
        return status === "503";
      };
      while (await full());
      await assertAllFree(origin);
      const waiting = post(origin, "waits", "x".repeat(100), 100);
      assert.equal(await statusOf(post(origin, "responds", "x".repeat(50), 50)), "200");
      waiting.leave();
    });
  });
}
