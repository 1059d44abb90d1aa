import assert from "node:assert/strict";
import { test } from "node:test";
import { runCommand } from "../support/command.ts";

/** Characters that clear a terminal, set its title, or reverse the text after them. */
const COMMANDS = "\x1b[2J\x1b]0;title\x07\u202e\x9b31m";

/** Runs a command, and asserts that nothing it prints is a control character but a line break. */
async function printedBy(args: string[], env: Record<string, string> = {}): Promise<string> {
  const { stdout, stderr } = await runCommand(args, env);
  const printed = stdout + stderr;
  assert.doesNotMatch(printed.replaceAll("\n", ""), /[\p{Cc}\p{Cf}]/u);
  return printed;
}

test("no command prints a control character of its arguments, of variables or of a profile", async () => {
  const profile = { AWS_PROFILE: COMMANDS, AWS_REGION: "us-west-2" };
  assert.match(await printedBy(["doctor"], profile), /\\u\{1b\}\[2J/);
  const json = await printedBy(["doctor", "--json"], profile);
  assert.match(json, /\\u001b\[2J.*\\u202e\\u009b31m/);
  assert.ok(JSON.stringify(JSON.parse(json)).includes(JSON.stringify(COMMANDS).slice(1, -1)));
  assert.match(await printedBy(["key"], profile), /\\u\{1b\}\[2J/);
  assert.match(await printedBy(["proxy"], profile), /^Failed: .*\\u\{1b\}\[2J/);
  assert.match(await printedBy([COMMANDS]), /Unknown command/);
  assert.match(await printedBy(["doctor", `--${COMMANDS}`]), /\\u\{1b\}\[2J/);
  assert.match(await printedBy(["conformance", "--mode", COMMANDS]), /\\u\{1b\}\[2J/);
  const out = `/dev/null/${COMMANDS}`;
  const record = ["conformance", "--mode", "record", "--case", "models/list", "--out", out];
  await printedBy(record, {
    AWS_BEARER_TOKEN_BEDROCK: "key",
    AWS_BEDROCK_BASE_URL: "http://127.0.0.1:1/v1",
  });
});
