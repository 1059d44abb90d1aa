import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import process from "node:process";
import { test } from "node:test";
import { promisify } from "node:util";
import { Sha256 } from "@aws-crypto/sha256-js";
import { SignatureV4 } from "@smithy/signature-v4";
import OpenAI from "openai";
import { bedrock } from "../../mod.ts";
import { CLI } from "../support/command.ts";
import { runFresh } from "../support/fresh_process.ts";
import { withProcess } from "../support/long_process.ts";
import type { LongProcess } from "../support/long_process.ts";
import { rawExchange } from "../support/raw_http.ts";

const REQUEST = { model: "openai.gpt-5.5", input: "Hi" };
const ANSWER = 'Hello! You said: "Hi"';

/** The announcement of the command. */
interface Announced {
  readonly text: string;
  readonly url: string;
  readonly token: string;
  readonly keys: { readonly accessKeyId: string; readonly secretAccessKey: string };
}

/** Starts `cli.ts mantle`, and stops it by a signal, after which it must have exited with 0. */
async function withCommand(
  args: readonly string[],
  run: (announced: Announced, running: LongProcess) => Promise<void>,
  signal: "SIGINT" | "SIGTERM" = "SIGTERM",
): Promise<void> {
  await withProcess(CLI, ["mantle", ...args], async (running) => {
    const text = await running.printed(/Stop it with Ctrl\+C\.\n/);
    const find = (name: string) => new RegExp(`^ {2}${name} +(\\S+)$`, "m").exec(text)?.[1] ?? "";
    const url = /^Local Bedrock listening on (http:\/\/127\.0\.0\.1:\d+)\n/.exec(text)?.[1];
    assert.ok(url, text);
    const accessKeyId = find("access key id");
    const keys = { accessKeyId, secretAccessKey: find("secret access key") };
    await run({ text, url, token: find("bearer token"), keys }, running);
    assert.equal(await running.stop(signal), 0);
    await assert.rejects(fetch(url));
  });
}

/** Sends a request that AWS's own signer has signed. */
async function smithyFetch({ url, keys }: Announced, region: string): Promise<Response> {
  const { protocol, hostname, host, port, pathname: path } = new URL(`${url}/openai/v1/responses`);
  const service = "bedrock-mantle";
  const signer = new SignatureV4({ credentials: keys, region, service, sha256: Sha256 });
  const signed = await signer.sign({
    method: "POST",
    protocol,
    hostname,
    port: Number(port),
    path,
    headers: { host, "content-type": "application/json" },
    body: JSON.stringify(REQUEST),
  });
  const { host: _, ...headers } = signed.headers;
  return await fetch(url + path, { method: "POST", headers, body: JSON.stringify(REQUEST) });
}

test("cli.ts mantle serves the official client with its own and with our provider", async () => {
  await withCommand(["--port", "0"], async ({ url, token, keys }) => {
    const baseURL = `${url}/openai/v1`;
    const plain = new OpenAI({ baseURL, apiKey: token });
    assert.equal((await plain.responses.create(REQUEST)).output_text, ANSWER);
    const options = { ...keys, baseURL, endpoint: "mantle", region: "us-west-2", env: {} } as const;
    const signing = new OpenAI({ provider: bedrock(options) });
    const stream = signing.responses.stream(REQUEST);
    assert.equal((await stream.finalResponse()).output_text, ANSWER);
  });
});

test("cli.ts mantle accepts AWS's signer in its own Region only, and stops on SIGINT", async () => {
  const args = ["--region", "eu-central-1"];
  await withCommand(args, async (announced) => {
    assert.match(announced.text, /^ {2}region +eu-central-1$/m);
    const { status, output } = await (await smithyFetch(announced, "eu-central-1")).json();
    assert.deepEqual([status, output[0].content[0].text], ["completed", ANSWER]);
    assert.equal((await smithyFetch(announced, "us-west-2")).status, 401);
  }, "SIGINT");
});

for (const [endpoint, scope] of [["mantle", "bedrock-mantle"], ["runtime", "bedrock"]] as const) {
  test(`cli.ts mantle prints curl commands that work, as ${endpoint}`, async (t) => {
    const curl = await promisify(execFile)("curl", ["--help", "all"]).catch(() => undefined);
    if (!curl?.stdout.includes("--aws-sigv4")) return t.skip("no curl that signs is installed");
    await withCommand(["--endpoint", endpoint], async ({ text }) => {
      const lines = text.split("\n").filter((line) => line.startsWith("  curl "));
      assert.equal(lines.length, 2);
      assert.ok(lines[1]?.includes(`--aws-sigv4 aws:amz:us-west-2:${scope} `));
      for (const line of lines) {
        const { PATH = "" } = process.env;
        const options = { env: { PATH }, timeout: 20_000 };
        const { stdout } = await promisify(execFile)("sh", ["-c", line], options);
        assert.match(stdout, /Hello! You said: \\"Say hello!\\"/, line);
      }
    });
  });
}

test("cli.ts mantle misbehaves as configured, and can be stopped meanwhile", async () => {
  const args = ["--latency", "10", "--misbehave", "500; times=1", "--misbehave", "stall; after=1"];
  await withCommand(args, async ({ url, token }) => {
    const authorization = `Bearer ${token}`;
    const post = (headers: Record<string, string>) =>
      fetch(`${url}/openai/v1/responses`, {
        method: "POST",
        headers: { authorization, ...headers },
        body: JSON.stringify({ ...REQUEST, stream: true }),
      });
    const asked = await post({ "x-mantle-misbehave": "429; retry-after=7" });
    assert.deepEqual([asked.status, asked.headers.get("retry-after")], [429, "7"]);
    const failed = await post({});
    assert.equal(failed.status, 500);
    await Promise.all([asked.body?.cancel(), failed.body?.cancel()]);
    const stalled = await post({});
    const reader = stalled.body?.getReader();
    assert.match(new TextDecoder().decode((await reader?.read())?.value), /response\.created/);
    reader?.closed.catch(() => {});
  });
});

test("cli.ts mantle accepts only its own name as Host, and those set with --allow-host", async () => {
  const args = ["--allow-host", "mantle.test", "--allow-host", "other.test:8080"];
  await withCommand(args, async ({ url, token }) => {
    const { host, port } = new URL(url);
    const responses = {
      [host]: 200,
      [`localhost:${port}`]: 200,
      "mantle.test": 200,
      "other.test:8080": 200,
      [`other.test:${port}`]: 421,
      [`evil.test:${port}`]: 421,
    };
    for (const [name, status] of Object.entries(responses)) {
      const lines = [`host: ${name}`, `authorization: Bearer ${token}`, "connection: close"];
      const response = await rawExchange(url, "GET /v1/models HTTP/1.1", ...lines, "", "");
      assert.equal(response.status, status, name);
    }
  });
});

test("cli.ts explains itself with --help, and so does each command", async () => {
  const general = await runFresh(CLI, ["--help"]);
  assert.match(general.stdout, /^Usage: cli\.ts <command> \[options\]\n[^]*\n {2}mantle /);
  const { stdout } = await runFresh(CLI, ["mantle", "-h"]);
  for (const option of ["port", "allow-host", "region", "endpoint", "latency", "misbehave"]) {
    assert.ok(stdout.includes(`--${option} <`), option);
  }
});

const WRONG: Record<string, string[]> = {
  "No command was given": [],
  'Unknown command "constructor"': ["constructor"],
  "--nonsense": ["--nonsense"],
  "--wrong": ["mantle", "--wrong"],
  "'extra'": ["mantle", "extra"],
  "--port must be a number from 0 to 65535": ["mantle", "--port", "65536"],
  '"http://mantle.test" is no name of a host': ["mantle", "--allow-host", "http://mantle.test"],
  "--region must be a name": ["mantle", "--region", "$(id)"],
  "--endpoint must be mantle or runtime": ["mantle", "--endpoint", "other"],
  '"ms" must be a whole number': ["mantle", "--latency", "soon"],
  "Unknown misbehaviour": ["mantle", "--misbehave", "explode"],
};

for (const [message, args] of Object.entries(WRONG)) {
  test(`cli.ts ${args.join(" ")} exits with 2, the reason and the usage`, async () => {
    const failure = await runFresh(CLI, args).then(() => undefined, (error) => error);
    assert.equal(failure?.code, 2);
    assert.ok(failure.stderr.includes(message), failure.stderr);
    assert.match(failure.stderr, /\n\nUsage: cli\.ts /);
    assert.equal(failure.stdout, "");
  });
}

test("cli.ts mantle exits with 1 if the port is taken", async () => {
  await withCommand([], async ({ url }) => {
    const taken = runFresh(CLI, ["mantle", "--port", new URL(url).port]);
    const failure = await taken.then(() => undefined, (error) => error);
    assert.equal(failure?.code, 1);
    assert.match(failure.stderr, /^Failed: /);
  });
});
