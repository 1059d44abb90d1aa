/**
 * Starts a proxy, holds both of its ends, and reports whether what crosses it stays the same, as
 * llhttp judges: on Node, whatever the proxy runs on.
 *
 * `node tests/properties/framing/main.ts <extent of the search, as JSON> <program> <argument>...`
 */
import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import process from "node:process";
import fc from "fast-check";
import { search } from "../property.ts";
import { assertSameMessages, type Between } from "./claim.ts";
import { sendings } from "./requests.ts";
import { reply } from "./responses.ts";
import { startUpstream } from "./upstream.ts";

const [extent = "{}", program = "", ...args] = process.argv.slice(2);
const upstream = await startUpstream();
const proxy = spawn(program, args, {
  env: {
    ...process.env,
    AWS_BEARER_TOKEN_BEDROCK: "example-bearer-token",
    AWS_BEDROCK_BASE_URL: `http://127.0.0.1:${upstream.port}/openai/v1`,
  },
  stdio: ["ignore", "pipe", "pipe"],
});
let complaints = "";
proxy.stderr.setEncoding("utf8").on("data", (text) => {
  complaints = (complaints + text).slice(-4_000);
});
try {
  const between = { ...await announced(), upstream };
  await search("framing", JSON.parse(extent), crossings(between), async (crossing) => {
    try {
      await assertSameMessages(crossing, between);
    } finally {
      assertAlive();
    }
  });
} catch (error) {
  console.error((error as Error).message);
  process.exitCode = 1;
} finally {
  proxy.kill("SIGKILL");
  upstream.close();
}

/** Asserts that the proxy is running; its end explains any other failure. */
function assertAlive(): void {
  const end = proxy.exitCode ?? proxy.signalCode;
  assert.equal(end, null, `the proxy has ended with ${end}: ${complaints}`);
}

function crossings(between: Between) {
  const replies = fc.array(reply, { minLength: 1, maxLength: 4 });
  return fc.record({ sending: sendings(between), replies });
}

/** Waits for what the proxy prints once it listens. */
async function announced(): Promise<{ port: number; host: string; key: string }> {
  const printed = await new Promise<string>((resolve, reject) => {
    let output = "";
    proxy.stdout.setEncoding("utf8").on("data", (chunk) => {
      output += chunk;
      if (output.includes("Stop it with Ctrl+C.")) resolve(output);
    });
    proxy.once("error", reject);
    proxy.once("close", (code) => reject(new Error(`The proxy ended with ${code}: ${output}`)));
  });
  const host = /listening on http:\/\/(\S+)/.exec(printed)?.[1] ?? "";
  const key = /API key +(\S+)/.exec(printed)?.[1] ?? "";
  return { port: Number(host.split(":")[1]), host, key };
}
