/**
 * The bench command, `deno task bench`: measures this module beside its peers; `--help` says
 * more.
 */
import { writeFile } from "node:fs/promises";
import { cpus, totalmem } from "node:os";
import { parseArgs } from "node:util";
import { readOrExit } from "../tools/arguments.ts";
import { prepareRuntimes } from "../tools/prepare_runtimes.ts";
import { type RuntimeName, runtimeNames } from "../tools/runtimes.ts";
import { withInstalled } from "./installed.ts";
import { IMPORT, measureImports, measureScenes, placeOf } from "./measure.ts";
import { asJson, type Result, tables } from "./report.ts";
import { THOROUGH } from "./rounds.ts";
import { scenes } from "./scenes.ts";
import { streaming } from "./streams.ts";

const USAGE = `Usage: deno task bench [options]

Measures this module beside its peers on Deno, Node and Bun.

Options:
  --runtime <names>  ${runtimeNames.join(", ")}; deno,node24,bun unless told otherwise
  --scene <names>    separated by semicolons: ${[...Object.keys(scenes), IMPORT].join("; ")}
  --rounds <number>  ${THOROUGH.rounds} unless told otherwise
  --json             prints all that was measured, for programs
  --update           writes bench/RESULTS.md
  -h, --help         shows this`;

interface Arguments {
  readonly names: readonly RuntimeName[];
  readonly chosen: readonly string[];
  readonly rounds: number;
  readonly json: boolean;
  readonly update: boolean;
}

function readArguments(): Arguments {
  const { values } = parseArgs({
    options: {
      runtime: { type: "string", default: "deno,node24,bun" },
      scene: { type: "string" },
      rounds: { type: "string", default: `${THOROUGH.rounds}` },
      json: { type: "boolean", default: false },
      update: { type: "boolean", default: false },
      help: { type: "boolean", short: "h" },
    },
  });
  if (values.help) {
    console.log(USAGE);
    Deno.exit(0);
  }
  const known = [...Object.keys(scenes), IMPORT];
  const rounds = Number(values.rounds);
  if (!Number.isInteger(rounds) || rounds < 1) {
    throw new TypeError("`--rounds` is not a whole number from 1. Pass one, or leave it out");
  }
  return {
    names: pick(runtimeNames, values.runtime.split(",")),
    chosen: pick(known, values.scene?.split(/; ?/) ?? known),
    rounds,
    json: values.json,
    update: values.update,
  };
}

function pick<Name extends string>(known: readonly Name[], words: readonly string[]): Name[] {
  return words.map((word) => {
    const name = known.find((name) => name === word);
    if (name === undefined) throw new TypeError(`Unknown name "${word}": use ${known.join("; ")}`);
    return name;
  });
}

async function main({ names, chosen, rounds, json, update }: Arguments): Promise<void> {
  const aside = { record: (line: string) => console.error(line), note: console.error };
  const runtimes = await prepareRuntimes(names, aside);
  const server = Deno.serve({ port: 0, hostname: "127.0.0.1", onListen: () => {} }, streaming);
  const origin = `http://127.0.0.1:${server.addr.port}`;
  const task = {
    server: origin,
    effort: { ...THOROUGH, rounds },
    scenes: chosen.filter((name) => name !== IMPORT),
  };
  const results = await withInstalled(async (folder) => {
    const results: Result[] = [];
    for (const runtime of runtimes) {
      console.error(`-- ${runtime.name} ${runtime.version}`);
      const place = placeOf(runtime.name, folder);
      const imports = chosen.includes(IMPORT) ? await measureImports(place, task.effort) : {};
      results.push({ ...runtime, measured: { ...await measureScenes(place, task), ...imports } });
    }
    return results;
  });
  await server.shutdown();
  const machine = thisMachine(results);
  if (json) console.log(asJson(machine, results));
  else console.log(tables(results));
  if (update) await writeFile("bench/RESULTS.md", resultsFile(machine, results));
}

function thisMachine(results: readonly Result[]) {
  const [cpu] = cpus();
  return {
    date: new Date().toISOString().slice(0, 10),
    cpu: `${cpu?.model.trim()}, ${cpus().length} cores`,
    memory: `${Math.round(totalmem() / 2 ** 30)} GiB`,
    system: `${Deno.build.os} ${Deno.build.arch}`,
    runtimes: results.map(({ name, version }) => `${name} ${version}`).join(", "),
  };
}

function resultsFile(machine: ReturnType<typeof thisMachine>, results: readonly Result[]): string {
  const rows = Object.entries(machine).map(([name, value]) => `| ${name} | ${value} |`);
  return [
    "# Results",
    "Written by `deno task bench --update`; what the rows mean is in [README.md](README.md).",
    ["| | |", "| --- | --- |", ...rows].join("\n"),
    tables(results),
  ].join("\n\n") + "\n";
}

Deno.chdir(`${import.meta.dirname}/..`);
await main(readOrExit(readArguments));
Deno.exit(0);
