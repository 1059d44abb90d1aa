import { execFile } from "node:child_process";
import { existsSync } from "node:fs";
import process from "node:process";
import { test } from "node:test";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { CLI, NO_AWS } from "../support/command.ts";
import { bareEnvironment, RUN_FLAGS } from "../support/fresh_process.ts";
import { binaryOf } from "../../tools/runtimes.ts";
import { extentOf, patient } from "./property.ts";

const MAIN = fileURLToPath(new URL("./framing/main.ts", import.meta.url));

/** The judge is llhttp, which is in Node: the parsers of other runtimes are what is judged. */
const JUDGE = /\bnode$/.test(process.execPath) ? process.execPath : binaryOf("node24");

test(
  "what one side of the proxy sees as one message, the other side does too",
  patient,
  async () => {
    if (!existsSync(JUDGE)) {
      throw new Error(`There is no ${JUDGE} to judge by. The test command installs it`);
    }
    const extent = JSON.stringify(extentOf(2_000, 10_000));
    const args = [MAIN, extent, process.execPath, ...RUN_FLAGS, CLI, "proxy"];
    // Fails with what the process says on stderr
    await promisify(execFile)(JUDGE, args, { env: { ...bareEnvironment(), ...NO_AWS } });
  },
);
