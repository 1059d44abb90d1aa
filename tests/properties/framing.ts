import { execFile } from "node:child_process";
import { existsSync } from "node:fs";
import process from "node:process";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { CLI, NO_AWS } from "../support/command.ts";
import { bareEnvironment, RUN_FLAGS } from "../support/fresh_process.ts";
import { binaryOf } from "../../tools/runtimes.ts";
import type { Property, Report, Settings } from "./property.ts";

const MAIN = fileURLToPath(new URL("./framing/main.ts", import.meta.url));

/** llhttp is in Node: the parsers of other runtimes are what is judged. */
const JUDGE = /\bnode$/.test(process.execPath) ? process.execPath : binaryOf("node24");

/** Makes a property of a proxy that this runtime runs. */
function property(name: string, shortRuns: number): Property {
  return { name, shortRuns, shortMs: 10_000, probe };
}

async function probe(settings: Settings): Promise<Report> {
  if (!existsSync(JUDGE)) {
    throw new Error(`There is no ${JUDGE} to judge by. The test command installs it`);
  }
  const args = [MAIN, JSON.stringify(settings), process.execPath, ...RUN_FLAGS, CLI, "proxy"];
  const env = { ...bareEnvironment(), ...NO_AWS };
  const { stdout } = await promisify(execFile)(JUDGE, args, { env, maxBuffer: 1 << 26 });
  return JSON.parse(stdout);
}

export const properties: readonly Property[] = [
  property("what one side of the proxy sees as one message, the other side does too", 2_000),
];
