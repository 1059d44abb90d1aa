import assert from "node:assert/strict";
import { connect } from "node:net";
import { test } from "node:test";
import OpenAI from "openai";
import { EXAMPLE_BEARER_TOKEN, EXAMPLE_CREDENTIALS } from "../../conformance/mantle/mod.ts";
import { CLI, NO_AWS } from "../support/command.ts";
import { runFresh } from "../support/fresh_process.ts";
import { withMantle, withServer } from "../support/local_mantle.ts";
import { type LongProcess, withProcess } from "../support/long_process.ts";
import { keySettings, keyVariables, onMachine, section } from "../support/machine.ts";
import { ANSWER, GPT } from "../support/mantle_clients.ts";
import { SECRET } from "../support/refusal.ts";

const REQUEST = { model: GPT, input: "Say hello!" };

/** The announcement of the command. */
interface Announced {
  readonly text: string;
  readonly origin: string;
  readonly baseURL: string;
  readonly key: string;
}

/**
 * Starts `cli.ts proxy`, which must not have printed what it was sent, nor end before it is
 * told.
 */
async function withCommand(
  args: readonly string[],
  env: Readonly<Record<string, string>>,
  run: (announced: Announced, running: LongProcess) => Promise<void>,
): Promise<void> {
  await withProcess(CLI, ["proxy", ...args], async (running) => {
    const text = await running.printed(/Stop it with Ctrl\+C\.\n/);
    const find = (name: string) => new RegExp(`^ {2}${name} +(\\S+)$`, "m").exec(text)?.[1] ?? "";
    const origin = /^Bedrock proxy listening on (http:\/\/127\.0\.0\.1:\d+)\n/.exec(text)?.[1];
    assert.ok(origin, text);
    await run({ text, origin, baseURL: find("base URL"), key: find("API key") }, running);
    assert.equal(await running.printed(/^/), text);
  }, { ...NO_AWS, ...env });
}

test("cli.ts proxy serves the official client, signs with keys from variables, and stops on SIGINT", async () => {
  await withMantle(async (mantle) => {
    const args = ["--endpoint", "mantle", "--region", "us-west-2", "--base-url", mantle.baseURL];
    await withCommand(args, keyVariables(EXAMPLE_CREDENTIALS), async (announced, running) => {
      const { text, origin, baseURL, key } = announced;
      assert.match(key, /^[\w-]{43}$/);
      assert.equal(baseURL, `${origin}/openai/v1`);
      assert.match(text, /^ {2}authentication +sigv4, from AWS_ACCESS_KEY_ID$/m);
      assert.ok(!text.includes(EXAMPLE_CREDENTIALS.secretAccessKey));
      const client = new OpenAI({ baseURL, apiKey: key });
      assert.equal((await client.responses.create(REQUEST)).output_text, ANSWER);
      const stream = client.responses.stream(REQUEST);
      assert.equal((await stream.finalResponse()).output_text, ANSWER);
      const other = new OpenAI({ baseURL: `${origin}/v1`, apiKey: key });
      assert.ok((await other.models.list()).data.length > 0);
      assert.deepEqual(mantle.received.map(({ auth }) => auth), ["sigv4", "sigv4", "sigv4"]);
      const stranger = new OpenAI({ baseURL, apiKey: EXAMPLE_BEARER_TOKEN, maxRetries: 0 });
      await assert.rejects(stranger.responses.create(REQUEST), { status: 401 });
      assert.equal(await running.stop("SIGINT"), 0);
      await assert.rejects(fetch(origin));
    });
  });
});

test("cli.ts proxy signs with a profile", async () => {
  await onMachine(async ({ write, serveMantle, variables }) => {
    const config = await write("config", section("profile work", { region: "us-west-2" }));
    const shared = await write("credentials", section("work", keySettings(EXAMPLE_CREDENTIALS)));
    const env = variables({ AWS_CONFIG_FILE: config, AWS_SHARED_CREDENTIALS_FILE: shared });
    const base = await serveMantle(EXAMPLE_CREDENTIALS);
    const args = ["--profile", "work", "--endpoint", "mantle", "--base-url", base];
    const set = Object.fromEntries(Object.entries(env).filter(([, value]) => value !== undefined));
    await withCommand(args, set as Record<string, string>, async ({ baseURL, key }, running) => {
      const client = new OpenAI({ baseURL, apiKey: key });
      assert.equal((await client.responses.create(REQUEST)).output_text, ANSWER);
      assert.equal(await running.stop("SIGTERM"), 0);
    });
  });
});

/** Waits for two paths, though not for ever. */
async function both(paths: readonly string[]): Promise<void> {
  for (let turn = 0; turn < 500 && paths.length < 2; turn++) {
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
}

test("cli.ts proxy stops during a response and a body, and ends them upstream", async () => {
  const [came, aborted]: [string[], string[]] = [[], []];
  const silent = (request: Request) => {
    const { pathname } = new URL(request.url);
    came.push(pathname);
    request.signal.addEventListener("abort", () => aborted.push(pathname));
    if (pathname.endsWith("/response")) return new Response(new ReadableStream());
    return new Promise<Response>(() => {});
  };
  await withServer(silent, async (url) => {
    const env = { AWS_BEARER_TOKEN_BEDROCK: EXAMPLE_BEARER_TOKEN, AWS_BEDROCK_BASE_URL: url };
    await withCommand([], env, async ({ text, origin, key }, running) => {
      assert.match(text, /^ {2}authentication +bearer, from AWS_BEARER_TOKEN_BEDROCK$/m);
      const headers = { authorization: `Bearer ${key}` };
      const { status, body } = await fetch(`${origin}/response`, { headers });
      assert.equal(status, 200);
      const socket = connect(Number(new URL(origin).port), "127.0.0.1");
      socket.on("error", () => {});
      socket.write(
        `POST /body HTTP/1.1\r\nhost: ${new URL(origin).host}\r\n` +
          `authorization: Bearer ${key}\r\ncontent-length: 8\r\n\r\n${SECRET.slice(0, 4)}`,
      );
      await both(came);
      assert.deepEqual(came.toSorted(), ["/body", "/response"]);
      const start = performance.now();
      assert.equal(await running.stop("SIGTERM"), 0);
      assert.ok(performance.now() - start < 3000);
      await assert.rejects(body!.getReader().read());
      await both(aborted);
      assert.deepEqual(aborted.toSorted(), ["/body", "/response"]);
      socket.destroy();
    });
  });
});

test("cli.ts proxy never prints a secret or a body", async () => {
  const silent = () => new Response(SECRET, { status: 500 });
  await withServer(silent, async (url) => {
    const env = { AWS_BEARER_TOKEN_BEDROCK: SECRET, AWS_BEDROCK_BASE_URL: url };
    await withCommand([], env, async ({ origin, key }, running) => {
      const headers = { authorization: `Bearer ${key}` };
      await (await fetch(`${origin}/v1/a`, { headers, method: "POST", body: SECRET })).text();
      await (await fetch(`${origin}/v1/a`, { headers: { authorization: SECRET } })).text();
      await (await fetch(`${origin}/${SECRET}`, { method: "OPTIONS" })).text();
      const printed = await running.printed(/^/);
      assert.ok(!printed.includes(SECRET), printed);
      assert.equal(await running.stop("SIGTERM"), 0);
    });
  });
});

test("cli.ts proxy goes on when nobody reads what it prints any more", async () => {
  const broken = () => {
    throw new Error("broken");
  };
  let url = "";
  // Nothing listens there any more
  await withServer(broken, async (origin) => void (url = origin));
  const env = { AWS_BEARER_TOKEN_BEDROCK: SECRET, AWS_BEDROCK_BASE_URL: url };
  await withCommand([], env, async ({ origin, key }, running) => {
    running.leaveOutput();
    const headers = { authorization: `Bearer ${key}` };
    for (let turn = 0; turn < 5; turn++) {
      const response = await fetch(`${origin}/v1/models`, { headers });
      assert.equal(response.status, 502);
      await response.text();
    }
    assert.equal(await running.stop("SIGTERM"), 0);
  });
});

/** Invocations that fail at once: arguments, exit code and output. */
const ENDS: [args: string[], code: number, said: RegExp][] = [
  [["--wrong"], 2, /--wrong[^]*\n\nUsage: cli\.ts proxy /],
  [["--port", "65536"], 2, /^--port must be a number from 0 to 65535\n\nUsage: /],
  [[], 1, /^Failed: No AWS region was found/],
  [["--region", "us-west-2"], 1, /^Failed: No AWS credentials were found/],
  [["--region", "us-west-2", "--profile", "absent"], 1, /^Failed: .*absent/],
  [["--base-url", "ftp://x"], 1, /^Failed: /],
];

for (const [args, code, said] of ENDS) {
  test(`cli.ts proxy ${args.join(" ")} exits with ${code}, and says why`, async () => {
    const failure = await runFresh(CLI, ["proxy", ...args], NO_AWS)
      .then(() => undefined, (error) => error);
    assert.equal(failure?.code, code);
    assert.match(failure.stderr, said);
    assert.equal(failure.stdout, "");
  });
}

test("cli.ts proxy explains itself with --help", async () => {
  const { stdout } = await runFresh(CLI, ["proxy", "--help"]);
  for (const option of ["port", "endpoint", "region", "base-url", "profile"]) {
    assert.ok(stdout.includes(`--${option} <`), option);
  }
});
