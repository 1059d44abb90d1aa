import assert from "node:assert/strict";
import { test } from "node:test";
import { bearerClients, signingClients, signingFetches } from "../../bench/clients.ts";
import { comparisons } from "../../bench/goals.ts";
import { interleaved, QUICK, rotated } from "../../bench/rounds.ts";
import { ratioOf } from "../../bench/report.ts";
import { scenes } from "../../bench/scenes.ts";
import { bodyOf, signers, URL_TO_SIGN } from "../../bench/signers.ts";
import { PIECE, streaming, STREAMS } from "../../bench/streams.ts";
import { IDENTITY, REGION, TOKEN } from "../../bench/subjects.ts";
import { mantle } from "../../conformance/mantle/mod.ts";
import { serve } from "../../conformance/mantle/serve.ts";

const judge = mantle({ region: REGION, credentials: [IDENTITY], bearerTokens: [TOKEN] });
const judged: typeof fetch = async (input, init) => {
  const response = await judge(new Request(input, init));
  assert.equal(response.status, 200, await response.clone().text());
  return response;
};

test("the signature of every signer of the bench is accepted", async () => {
  const body = bodyOf(200);
  assert.equal(body.length, 200);
  for (const [name, sign] of Object.entries(signers(body))) {
    const headers = new Headers(await sign() as HeadersInit);
    headers.delete("host");
    const response = await judge(new Request(URL_TO_SIGN, { method: "POST", headers, body }));
    assert.equal(response.status, 200, `${name}: ${await response.text()}`);
  }
});

test("the requests of every authenticating client of the bench are accepted", async () => {
  const callers = { ...signingClients("Hello", judged), ...signingFetches(bodyOf(200), judged) };
  for (const [name, call] of Object.entries({ ...bearerClients("Hello", judged), ...callers })) {
    if (name === "plain fetch") await assert.rejects(call(), /401/);
    else await call();
  }
});

test("every subject of every scene runs, and every comparison has both sides", async () => {
  const server = await serve(streaming);
  try {
    for (const [scene, subjects] of Object.entries(scenes)) {
      const all = subjects(server.url);
      const once = Object.fromEntries(
        await Promise.all(
          Object.entries(all).map(async ([name, run]) => {
            await run();
            return [name, [1]] as const;
          }),
        ),
      );
      const measured = { [scene]: { elapsed: once } };
      for (const comparison of comparisons.filter((each) => each.scene === scene)) {
        const { bases } = comparison;
        const ratio = ratioOf(comparison, { name: "deno", version: "", measured }, "elapsed");
        assert.equal(ratio?.median, bases ? NaN : 1, comparison.what);
      }
    }
  } finally {
    await server.close();
  }
});

test("the server of the streams responds no earlier than it should", async () => {
  const start = performance.now();
  const response = await streaming(new Request(`${URL_TO_SIGN}/late`, { method: "POST" }));
  assert.ok(performance.now() - start >= STREAMS.late.waitMs - 1);
  assert.equal((await response.bytes()).length, PIECE.length);
});

test("rounds are interleaved: each subject has each place, and the order is reversed", async () => {
  const orders = [0, 1, 2, 3].map((round) => rotated(["a", "b"], round).join(""));
  assert.deepEqual(orders, ["ab", "ba", "ba", "ab"]);
  const calls: string[] = [];
  const subject = (name: string) => async () => {
    await new Promise((resolve) => setTimeout(resolve, 2));
    calls.push(name);
  };
  const { elapsed, processor } = await interleaved({ a: subject("a"), b: subject("b") }, QUICK);
  assert.equal(calls.slice(-4).join(""), "abba");
  for (const times of [elapsed, processor]) {
    assert.deepEqual([times.a?.length, times.b?.length], [QUICK.rounds, QUICK.rounds]);
  }
  assert.ok(elapsed.a!.every((time) => time >= 1_000), "times are not microseconds a call");
});

test("a ratio compares the time added, if both sides add to a base", () => {
  const comparison = { what: "", scene: "s", ours: "o", peer: "p", bases: ["x", "y"] as const };
  const elapsed = { o: [15, 16, 90], p: [30, 31, 32], x: [10, 10, 10], y: [10, 11, 12] };
  const result = { name: "bun", version: "", measured: { s: { elapsed } } } as const;
  const { median, reached } = ratioOf({ ...comparison, goal: [1, 1, 0.2] }, result, "elapsed")!;
  assert.equal(median, 6 / 20);
  assert.equal(reached, false);
});

test("a comparison that is limited to one clock has no ratio by the other", () => {
  const comparison = { what: "", scene: "s", ours: "o", peer: "p", clock: "elapsed" } as const;
  const times = { o: [1], p: [1] };
  const measured = { s: { elapsed: times, processor: times } };
  const ratios = (["elapsed", "processor"] as const).map((clock) =>
    ratioOf(comparison, { name: "bun", version: "", measured }, clock)?.median
  );
  assert.deepEqual(ratios, [1, undefined]);
});
