import assert from "node:assert/strict";
import { test } from "node:test";
import { bytesOf } from "../../conformance/cassette.ts";
import type { Chunk } from "../../conformance/cassette.ts";
import { cassette } from "../../conformance/cassettes/mod.ts";
import type { CassetteId } from "../../conformance/cassettes/mod.ts";
import { EXAMPLE_BEARER_TOKEN } from "../../conformance/mantle/mod.ts";
import { play } from "../../conformance/play.ts";
import { playResponse } from "../../conformance/play_response.ts";
import { ADMITTED } from "../support/cassette_player.ts";
import { withServer } from "../support/local_mantle.ts";

const ODD: CassetteId = "chat/streamed_in_odd_pieces";
const BROKEN: CassetteId = "responses/stream_broken_off";
const INIT = {
  method: "POST",
  headers: { authorization: `Bearer ${EXAMPLE_BEARER_TOKEN}`, "content-type": "application/json" },
};

function chunksOf(id: CassetteId): readonly Chunk[] {
  return cassette(id).exchanges[0]?.response.chunks ?? [];
}

/** Creates the request of a cassette's only exchange, for an origin. */
function ask(id: CassetteId, origin: string): Request {
  const [exchange] = cassette(id).exchanges;
  const body = exchange?.request.body;
  assert.ok(exchange && body && "json" in body);
  return new Request(origin + exchange.request.path, { ...INIT, body: JSON.stringify(body.json) });
}

async function readAll(response: Response): Promise<{ texts: string[]; error?: unknown }> {
  const reader = response.body!.getReader();
  const texts: string[] = [];
  try {
    for (;;) {
      const { done, value } = await reader.read();
      if (done) return { texts };
      texts.push(binary(value));
    }
  } catch (error) {
    return { texts, error };
  }
}

const binary = (bytes: Uint8Array) => String.fromCharCode(...bytes);

test("within the process, chunks arrive as in the cassette, even inside characters", async () => {
  const { handler } = play(cassette(ODD), ADMITTED);
  const { texts } = await readAll(await handler(ask(ODD, "https://mantle.example")));
  assert.deepEqual(texts, chunksOf(ODD).map((chunk) => binary(bytesOf(chunk))));
  assert.ok(texts.length > 3);
});

test("an aborted stream delivers every chunk and then breaks", async () => {
  const { handler } = play(cassette(BROKEN), ADMITTED);
  const { texts, error } = await readAll(await handler(ask(BROKEN, "https://mantle.example")));
  assert.equal(texts.length, chunksOf(BROKEN).length);
  assert.ok(error instanceof TypeError);
});

test("over a socket, the same bytes arrive, and an abort breaks the connection", async () => {
  for (const id of [ODD, BROKEN]) {
    const { handler, unplayed, mismatches } = play(cassette(id), { ...ADMITTED, speed: 1 });
    await withServer(handler, async (origin) => {
      const { texts, error } = await readAll(await fetch(ask(id, origin)));
      const chunks = chunksOf(id).map((chunk) => binary(bytesOf(chunk)));
      // The last may be lost with the connection that breaks
      const certain = id === BROKEN ? chunks.slice(0, -1) : chunks;
      assert.ok(texts.join("").startsWith(certain.join("")));
      assert.ok(chunks.join("").startsWith(texts.join("")));
      assert.equal(error !== undefined, id === BROKEN);
    });
    assert.deepEqual([mismatches(), unplayed()], [[], []]);
  }
});

const SLOW: readonly Chunk[] = [{ afterMs: 0, text: "a" }, { afterMs: 40, text: "b" }];

test("pauses are multiplied by the speed, and dropped at 0", async () => {
  const timed = async (speed: number) => {
    const begin = performance.now();
    await playResponse({ status: 200, headers: [], chunks: SLOW }, speed).text();
    return performance.now() - begin;
  };
  assert.ok(await timed(1) >= 35);
  assert.ok(await timed(2) >= 75);
  const hour = SLOW.map((chunk) => ({ ...chunk, afterMs: 3_600_000 }));
  const response = playResponse({ status: 200, headers: [], chunks: hour }, 0);
  assert.equal(await response.text(), "ab");
});

test("a player applies its speed to the exchanges it plays", async () => {
  const { handler } = play(cassette(BROKEN), { ...ADMITTED, speed: 1 });
  const begin = performance.now();
  await readAll(await handler(ask(BROKEN, "https://mantle.example")));
  assert.ok(performance.now() - begin >= 20 * (chunksOf(BROKEN).length - 1));
});

test("a chunk is not created before it is read", async () => {
  const made: number[] = [];
  const chunks = [0, 1, 2].map((place) => ({
    get afterMs() {
      made.push(place);
      return 0;
    },
    text: `${place}`,
  }));
  const reader = playResponse({ status: 200, headers: [], chunks }, 0).body!.getReader();
  await reader.read();
  await new Promise((resolve) => setTimeout(resolve, 10));
  assert.deepEqual(made, [0]);
  await reader.cancel();
});

test("a cancelled stream stops", async () => {
  const hour = [...SLOW, { afterMs: 3_600_000, text: "c" }];
  const response = playResponse({ status: 200, headers: [], chunks: hour }, 1);
  const reader = response.body!.getReader();
  assert.equal(binary((await reader.read()).value!), "a");
  assert.equal(binary((await reader.read()).value!), "b");
  const pending = reader.read();
  await reader.cancel();
  assert.equal((await pending).done, true);
});

test("a body without a content type gets none", () => {
  const body = { text: "plain" };
  assert.equal(
    playResponse({ status: 200, headers: [], body }, 0).headers.has("content-type"),
    false,
  );
});
