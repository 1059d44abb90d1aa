import assert from "node:assert/strict";
import { test } from "node:test";
import { NAMES, RESPONSES, SCENARIOS } from "../properties/pollution.ts";
import { quietly } from "../properties/views.ts";
import { withVariables } from "../support/variables.ts";

/** The language itself reads these, of descriptors, iterators and promises. */
const OF_LANGUAGE = ["get", "set", "value", "return", "next", "done", "then"];

const names = NAMES.filter((name) => !OF_LANGUAGE.includes(name));

/** Finds the line of src/ that called a getter, if one did. */
function findCaller(stack: string): string | undefined {
  const caller = stack.split("\n").filter((line) => /:\d+/.test(line))[1] ?? "";
  return /\/src\/([\w/]+\.ts:\d+)/.exec(caller)?.[1];
}

/**
 * Runs with a getter for each name on the prototype of all objects; returns the lines that read
 * one.
 */
async function listReads(run: () => Promise<unknown>): Promise<string[]> {
  const reads = new Set<string>();
  let isListening = true;
  for (const name of names) {
    Object.defineProperty(Object.prototype, name, {
      configurable: true,
      get() {
        if (!isListening) return undefined;
        isListening = false;
        const place = findCaller(new Error().stack ?? "");
        if (place !== undefined) reads.add(`${name} at ${place}`);
        isListening = true;
        return undefined;
      },
      set(value) {
        const property = { configurable: true, enumerable: true, writable: true, value };
        Object.defineProperty(this, name, property);
      },
    });
  }
  try {
    await run();
  } finally {
    for (const name of names) Reflect.deleteProperty(Object.prototype, name);
  }
  return [...reads];
}

test("no line of src/ reads a property of Object.prototype", async () => {
  const variables = { AWS_REGION: "us-west-2", AWS_BEARER_TOKEN_BEDROCK: "token" };
  const runAll = async () => {
    for (const scenario of Object.values(SCENARIOS)) {
      for (const respond of Object.values(RESPONSES)) {
        await scenario(async () => respond()).catch(() => {});
      }
    }
  };
  const reads = await quietly(() => withVariables(variables, () => listReads(runAll)));
  // Bun itself reads it of the options of `addEventListener`
  const ofBun = (read: string) => read.startsWith("signal at platform/deadline.ts");
  assert.deepEqual(reads.filter((read) => !ofBun(read)), []);
});
