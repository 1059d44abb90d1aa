import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import { test } from "node:test";
import { promisify } from "node:util";
import fc from "fast-check";
import { exportLine } from "../../cli/shell.ts";
import { EXAMPLE_CREDENTIALS } from "../../conformance/mantle/mod.ts";
import { CLI, NO_AWS, runCommand } from "../support/command.ts";
import { withProcess } from "../support/long_process.ts";
import { keyVariables } from "../support/machine.ts";

/** Runs lines in a shell that has no variables, and returns those that are set afterwards. */
async function variablesAfter(lines: string, names: readonly string[]): Promise<string[]> {
  const script = `${lines}\n${names.map((name) => `printf '%s\\0' "$${name}"`).join("\n")}`;
  const { stdout } = await promisify(execFile)("sh", ["-eu", "-c", script], { env: {} });
  return stdout.split("\0").slice(0, -1);
}

function exportLines(printed: string): string {
  return printed.split("\n").filter((line) => /^ *export /.test(line)).join("\n");
}

test("a shell reads any value from its export line unchanged", async () => {
  const names = ["A", "B", "C", "D"];
  const value = fc.oneof(
    fc.string({ unit: "binary" }),
    fc.string({ unit: fc.constantFrom(..."'\"\\$`!~#&;|<>(){}[]*?= \t\n\r%aé") }),
  ).map((text) => text.replaceAll("\0", "").toWellFormed());
  await fc.assert(
    fc.asyncProperty(fc.tuple(value, value, value, value), async (values) => {
      const lines = values.map((each, index) => exportLine(names[index]!, each)).join("\n");
      assert.deepEqual(await variablesAfter(lines, names), values);
    }),
    { numRuns: 50 },
  );
});

test("the lines that cli.ts proxy prints set the base URL and the key, whatever the path", async () => {
  const path = "/a'b$(touch$IFS-x);c&d|e~!*/openai/v1";
  const env = {
    ...NO_AWS,
    AWS_BEARER_TOKEN_BEDROCK: "token",
    AWS_BEDROCK_BASE_URL: `http://127.0.0.1:1${path}`,
  };
  await withProcess(CLI, ["proxy"], async (running) => {
    const text = await running.printed(/Stop it with Ctrl\+C\.\n/);
    const find = (name: string) => new RegExp(`^ {2}${name} +(\\S+)$`, "m").exec(text)?.[1] ?? "";
    const values = await variablesAfter(exportLines(text), ["OPENAI_BASE_URL", "OPENAI_API_KEY"]);
    assert.deepEqual(values, [find("base URL"), find("API key")]);
    assert.ok(values[0]?.endsWith(path), values[0]);
  }, env);
});

test("the lines that cli.ts mantle prints set the URL and the credentials", async () => {
  await withProcess(CLI, ["mantle"], async (running) => {
    const text = await running.printed(/Stop it with Ctrl\+C\.\n/);
    const url = /listening on (\S+)/.exec(text)?.[1];
    const names = ["OPENAI_BASE_URL", "AWS_BEDROCK_BASE_URL", "AWS_SECRET_ACCESS_KEY"];
    assert.deepEqual(await variablesAfter(exportLines(text), names), [
      `${url}/openai/v1`,
      `${url}/openai/v1`,
      EXAMPLE_CREDENTIALS.secretAccessKey,
    ]);
  });
});

test("the line that cli.ts key prints sets the key", async () => {
  const variables = { ...keyVariables(EXAMPLE_CREDENTIALS), AWS_REGION: "us-west-2" };
  const { stdout } = await runCommand(["key"], variables);
  const [key = ""] = await variablesAfter(stdout, ["AWS_BEARER_TOKEN_BEDROCK"]);
  assert.match(key, /^bedrock-api-key-[A-Za-z0-9+/]+=*$/);
  assert.ok(stdout.includes(key));
});
