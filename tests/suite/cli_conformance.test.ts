import assert from "node:assert/strict";
import { mkdtemp, readdir, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test } from "node:test";
import { cases } from "../../conformance/cases/mod.ts";
import { EXAMPLE_BEARER_TOKEN, EXAMPLE_CREDENTIALS } from "../../conformance/mantle/mod.ts";
import { CLI } from "../support/command.ts";
import { runFresh } from "../support/fresh_process.ts";
import { withMantle } from "../support/local_mantle.ts";

test("the suite passes on this runtime, in replay and over sockets", async () => {
  const [replayed, wired] = await Promise.all(
    ["replay", "wire"].map((mode) =>
      runFresh(CLI, ["conformance", "--mode", mode]).catch((error) => error)
    ),
  );
  const counts = [replayed, wired].map((run) =>
    /(\d+) passed, 0 failed, 0 not offered\s*$/.exec(run.stdout)?.[1]
  );
  const every = String(cases.length);
  const failed = `${replayed.stdout}${wired.stdout}`.match(/^fail .*$/gm)?.join("\n");
  assert.deepEqual(counts, [every, every], failed);
});

test("cases are selected by patterns", async () => {
  const { stdout } = await runFresh(CLI, ["conformance", "--case", "auth/*,files/*"]);
  const ids = stdout.split("\n").filter((line) => line.startsWith("pass ")).map((line) =>
    line.slice(12)
  );
  const topics = new Set(ids.map((id) => id.split("/")[0]));
  assert.deepEqual([...topics], ["auth", "files"], stdout);
});

test(
  "live and record call the account that the environment names, and show no secret",
  async () => {
    const folder = await mkdtemp(join(tmpdir(), "bedrock-"));
    try {
      await withMantle(async ({ baseURL, received }) => {
        const env = {
          AWS_BEDROCK_BASE_URL: baseURL,
          AWS_BEARER_TOKEN_BEDROCK: EXAMPLE_BEARER_TOKEN,
        };
        const live = await runFresh(CLI, ["conformance", "--mode", "live"], env);
        assert.match(live.stdout, /^14 calls to http:\/\/127\.0\.0\.1:\d+, at most \d+ tokens:/);
        assert.match(live.stdout, /14 as expected, 0 different, 0 skipped, 0 failed\s*$/);
        const args = ["conformance", "--mode", "record", "--case", "models/*", "--out", folder];
        const recorded = await runFresh(CLI, args, env);
        assert.deepEqual(await readdir(join(folder, "models")), [
          "list.json",
          "not_on_openai_v1.json",
        ]);
        assert.ok(!(live.stdout + recorded.stdout).includes(EXAMPLE_BEARER_TOKEN));
        assert.equal(received.length, 16);
      });
    } finally {
      await rm(folder, { recursive: true, force: true });
    }
  },
);

test("live mode signs with keys for a custom host", async () => {
  await withMantle(async ({ baseURL, received }) => {
    const { accessKeyId, secretAccessKey } = EXAMPLE_CREDENTIALS;
    const env = {
      AWS_BEDROCK_BASE_URL: baseURL,
      AWS_REGION: "us-west-2",
      AWS_ACCESS_KEY_ID: accessKeyId,
      AWS_SECRET_ACCESS_KEY: secretAccessKey,
    };
    const { stdout } = await runFresh(CLI, ["conformance", "--mode", "live"], env);
    assert.match(stdout, /14 as expected, 0 different, 0 skipped, 0 failed\s*$/);
    assert.deepEqual(received.map(({ auth }) => auth), Array(14).fill("sigv4"));
  });
});

test(
  "wrong usage ends with exit code 2, and a missing account with 1",
  async () => {
    const wrong = [
      ["--mode", "none"],
      ["--mode", "record"],
      ["--out", "x"],
      ["--case", "auth/*,none/*"],
      ["--mode", "live", "--case", "auth/*"],
      ["--none"],
    ];
    for (const args of wrong) {
      const failure = await runFresh(CLI, ["conformance", ...args]).catch((error) => error);
      assert.equal(failure.code, 2, failure.stderr);
      assert.match(failure.stderr, /Usage: cli\.ts conformance/);
    }
    const failure = await runFresh(CLI, ["conformance", "--mode", "live"], { HOME: "/absent" })
      .catch((error) => error);
    assert.equal(failure.code, 1);
    assert.match(failure.stderr, /^Failed: No AWS region was found/m);
  },
);
