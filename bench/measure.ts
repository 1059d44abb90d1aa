import { resolve } from "node:path";
import { run } from "../tools/run.ts";
import { binaryOf, type RuntimeName, testEnvironment } from "../tools/runtimes.ts";
import type { Task } from "./here.ts";
import { type Effort, QUICK, rotated, type Times } from "./rounds.ts";
import { AWS4FETCH, OFFICIAL_AWS, OFFICIAL_BEARER, SMITHY } from "./subjects.ts";

/** A runtime, and where the module and what measures it are for it. */
export interface Place {
  readonly name: RuntimeName;
  readonly folder: string;
  readonly extension: "ts" | "js";
}

/** By scene, then by subject. */
export type Measured = Readonly<Record<string, Partial<Times>>>;

/** Returns the package as it is installed: JavaScript on Node, source on Deno and Bun. */
export function placeOf(name: RuntimeName, installed: string): Place {
  return name.startsWith("node")
    ? { name, folder: installed, extension: "js" }
    : { name, folder: ".", extension: "ts" };
}

const FLAGS: Partial<Record<RuntimeName, readonly string[]>> = {
  deno: [
    "run",
    "-A",
    "--no-lock",
    "--no-check",
    "--cached-only",
    "--node-modules-dir=manual",
    "--v8-flags=--expose-gc",
  ],
  node24: ["--expose-gc"],
  bun: ["--no-install"],
};

/** Measures what is measured within one process. */
export async function measureScenes(place: Place, task: Task): Promise<Measured> {
  return JSON.parse(await output(place, "here", [JSON.stringify(task)]));
}

/** The scene of {@link measureImports}. */
export const IMPORT = "import";

/** The entries of this module, which stand in the tables by their own names. */
export const [ENTRY, AWS_ENTRY] = ["mod.ts", "aws.ts"];

/** Measures imports, each in a process of its own, in microseconds like everything. */
export async function measureImports(place: Place, { rounds }: Effort): Promise<Measured> {
  const entry = (name: string) => resolve(place.folder, `${name}.${place.extension}`);
  const specifiers: Readonly<Record<string, string>> = {
    [ENTRY!]: entry("mod"),
    [AWS_ENTRY!]: entry("aws"),
    ...Object.fromEntries(
      [OFFICIAL_BEARER, OFFICIAL_AWS, AWS4FETCH, SMITHY].map((name) => [name, name]),
    ),
  };
  const names = Object.keys(specifiers);
  const samples: Record<string, number[]> = Object.fromEntries(names.map((name) => [name, []]));
  // The first round fills the caches of the runtime and of the disk
  for (let round = -1; round < Math.min(rounds, 20); round++) {
    for (const name of rotated(names, round + 1)) {
      const ms = Number(await output(place, "import_probe", [specifiers[name]!]));
      if (round >= 0 || rounds <= QUICK.rounds) samples[name]!.push(ms * 1000);
    }
  }
  return { [IMPORT]: { elapsed: samples } };
}

/** Runs a program of this folder on a runtime, and returns its output. */
export async function output(
  place: Place,
  program: string,
  args: readonly string[],
): Promise<string> {
  const { name, folder, extension } = place;
  const path = resolve(folder, "bench", `${program}.${extension}`);
  const command = [binaryOf(name), ...FLAGS[name] ?? [], path, ...args];
  const { ok, output } = await run(command, { env: testEnvironment(), limitSeconds: 900 });
  if (!ok) throw new Error(`${program} failed on ${name}:\n${output}`);
  return output;
}
