import assert from "node:assert/strict";
import { test } from "node:test";
import { readDocuments } from "../../tools/markdown.ts";
import { modulesIn, textOf } from "../support/modules.ts";

/** A command that ends in the package's name, by which it would be run or installed. */
const COMMAND =
  /\b(?:npx|bunx|pnpx|(?:npm|pnpm|yarn|bun) (?:i|install|add|exec|x|dlx))(?: [^ `"'|;&()]{1,60}){0,8}? @mantle\/bedrock\b/g;

/**
 * Commands that run or install nothing by that name from npm's registry, where it is not this
 * project's.
 */
const HARMLESS = [
  "npx --offline --no @mantle/bedrock",
  "npx jsr add @mantle/bedrock",
  "bunx jsr add @mantle/bedrock",
];

/** Finds the commands that would ask npm's registry for this package. */
function dangerous(text: string): string[] {
  const found = text.replace(/\s+(?:\* )?/g, " ").match(COMMAND) ?? [];
  return found.filter((command) => !HARMLESS.includes(command));
}

const SOURCES = ["src", "cli", "proxy", "loopback", "conformance", "examples", "tools", "bench"];
const ENTRIES = ["mod.ts", "aws.ts", "openai.ts", "cli.ts"];

async function shownTexts(): Promise<{ path: string; text: string }[]> {
  const paths = [...ENTRIES, ...(await Promise.all(SOURCES.map(modulesIn))).flat()];
  const sources = paths.map(async (path) => ({ path, text: await textOf(path) }));
  return [...await readDocuments(), ...await Promise.all(sources)];
}

test("no document, message or comment shows a command that asks npm for this package by name", async () => {
  const texts = await shownTexts();
  assert.ok(texts.length > 200 && texts.some(({ path }) => path === "README.md"));
  assert.deepEqual(
    texts.flatMap(({ path, text }) => dangerous(text).map((command) => `${path}: ${command}`)),
    [],
  );
  const commands = [
    "npx @mantle/bedrock doctor",
    "npx -y @mantle/bedrock",
    "npx --no @mantle/bedrock doctor",
    "npm install @mantle/bedrock aws4fetch",
    "npm install openai @mantle/bedrock",
    "npm exec @mantle/bedrock",
    "bunx @mantle/bedrock doctor",
    "bun add @mantle/bedrock",
    "pnpm dlx @mantle/bedrock doctor",
    "npx\n * @mantle/bedrock doctor",
  ];
  for (const command of commands) assert.equal(dangerous(command).length, 1, command);
  for (const command of HARMLESS) assert.deepEqual(dangerous(command), []);
});

test("a line that depends on JSR says that it is not published there yet", async () => {
  const lines = (await shownTexts()).flatMap(({ path, text }) =>
    text.split("\n").filter((line) => /jsr:@mantle|\bjsr add\b/.test(line))
      .map((line) => ({ path, line }))
  );
  assert.ok(lines.length >= 5);
  const unmarked = lines.filter(({ line }) => !/(?:until|once) published/.test(line));
  assert.deepEqual(unmarked, []);
});
