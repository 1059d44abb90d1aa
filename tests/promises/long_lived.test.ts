import assert from "node:assert/strict";
import { test } from "node:test";
import { fileURLToPath } from "node:url";
import { type ObservedRequest, sts } from "../../conformance/aws/mod.ts";
import type { ReceivedRequest } from "../../conformance/mantle/mod.ts";
import { mantle } from "../../conformance/mantle/mod.ts";
import { credentialChain } from "../../src/aws/chain.ts";
import { profileRegion } from "../../src/aws/files.ts";
import { createBedrock } from "../../src/bedrock.ts";
import { RETRYING_PLATFORM } from "../../src/platform/retrying_platform.ts";
import { runFresh } from "../support/fresh_process.ts";
import { keySettings, onMachine, section, temporary, USER_KEYS } from "../support/machine.ts";
import type { Machine } from "../support/machine.ts";
import { withVariables } from "../support/variables.ts";

const MINUTE = 60_000;
const ROLE = "arn:aws:iam::123456789012:role/Reader";
const [FIRST, SECOND] = [temporary("first"), temporary("second")];

/** A process that has run for long: its clock, its requests, and the STS that it asks. */
interface LongLived {
  readonly clock: { now: number };
  readonly asked: ObservedRequest[];
  readonly received: ReceivedRequest[];
  /** Faults of STS. */
  readonly service: { down: boolean; delayMs: number };
  /** Makes a request, and resolves to the access key that it was signed with. */
  request(signal?: AbortSignal): Promise<string>;
}

async function longLived(machine: Machine, run: (process: LongLived) => Promise<void>) {
  const clock = { now: Date.now() };
  const now = () => clock.now;
  const [asked, received] = [[] as ObservedRequest[], [] as ReceivedRequest[]];
  const service = { down: false, delayMs: 0 };
  const role = { arn: ROLE, callers: [USER_KEYS], credentials: FIRST };
  const observe = (each: ObservedRequest) => void asked.push(each);
  // AWS's own client signs by the real clock, so that STS tells its time by that
  const response = sts({ region: "us-west-2", roles: [role], observe });
  const url = await machine.serve(async (request) => {
    await new Promise((resolve) => setTimeout(resolve, service.delayMs));
    return service.down ? new Response("down", { status: 400 }) : await response(request);
  });
  await machine.write(
    ".aws/config",
    section("profile work", { role_arn: ROLE, source_profile: "keys" }),
  );
  await machine.write(".aws/credentials", section("keys", keySettings(USER_KEYS)));
  const handler = mantle({
    region: "us-west-2",
    credentials: [FIRST, SECOND, USER_KEYS],
    now,
    observe: (each) => void received.push(each),
  });
  const variables = machine.variables({ AWS_ENDPOINT_URL_STS: url, AWS_PROFILE: "work" });
  await withVariables(variables, async () => {
    const world = { ...RETRYING_PLATFORM, now };
    const { url: baseURL, fetch } = createBedrock(
      { region: "us-west-2", fetch: (input, init) => handler(new Request(input, init)) },
      {
        aws: {
          chain: (profile, env) => credentialChain(profile, env, world),
          profileRegion,
          regionAdvice: "",
        },
        platform: world,
      },
    );
    const body = JSON.stringify({ model: "openai.gpt-5.4", input: "Say hello!" });
    const headers = { "content-type": "application/json" };
    const request = async (signal?: AbortSignal) => {
      const options = { method: "POST", body, headers, ...(signal && { signal }) };
      const response = await fetch(`${baseURL}/responses`, options);
      assert.equal(response.status, 200, await response.text());
      return /=(\w+)\//.exec(received.at(-1)?.headers.get("authorization") ?? "")?.[1] ?? "";
    };
    await run({ clock, asked, received, service, request });
  });
}

test("1,000 requests at once cause one call of STS", async () => {
  await onMachine((machine) =>
    longLived(machine, async ({ asked, received, request }) => {
      await Promise.all(Array.from({ length: 1000 }, () => request()));
      assert.equal(received.length, 1000);
      assert.deepEqual(asked.map(({ operation }) => operation), ["AssumeRole"]);
    })
  );
});

test("an aborted request does not abort a lookup that others share", async () => {
  await onMachine((machine) =>
    longLived(machine, async ({ asked, service, request }) => {
      service.delayMs = 100;
      const abort = new AbortController();
      const aborted = request(abort.signal);
      const others = [request(), request()];
      abort.abort();
      await assert.rejects(aborted, { name: "AbortError" });
      assert.deepEqual(await Promise.all(others), [FIRST.accessKeyId, FIRST.accessKeyId]);
      assert.equal(asked.length, 1);
    })
  );
});

test("a role is assumed again five minutes before its session expires, and not earlier", async () => {
  await onMachine((machine) =>
    longLived(machine, async ({ clock, asked, request }) => {
      const start = clock.now;
      await request();
      clock.now = start + 54 * MINUTE;
      await request();
      assert.equal(asked.length, 1);
      clock.now = start + 56 * MINUTE;
      await request();
      assert.equal(asked.length, 2);
    })
  );
});

test("credentials that another process rotated in their file are used within five minutes", async () => {
  await onMachine((machine) =>
    longLived(machine, async ({ clock, request }) => {
      const rotate = (keys: typeof USER_KEYS) =>
        machine.write(".aws/config", section("profile work", keySettings(keys)));
      await rotate(USER_KEYS);
      assert.equal(await request(), USER_KEYS.accessKeyId);
      await rotate(SECOND);
      clock.now += 5 * MINUTE;
      assert.equal(await request(), SECOND.accessKeyId);
    })
  );
});

test("no timer of ours keeps a process alive", async () => {
  const path = fileURLToPath(new URL("../support/given_up_process.ts", import.meta.url));
  const start = performance.now();
  const { stdout } = await runFresh(path);
  assert.equal(stdout.trim(), "AbortError");
  assert.ok(performance.now() - start < 20_000, "the process lived on");
});
