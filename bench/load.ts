/** The load command, `deno task load`: many requests and streams at once, on Deno, Node and Bun. */
import { EXAMPLE_BEARER_TOKEN, mantle } from "../conformance/mantle/mod.ts";
import { serve } from "../conformance/mantle/serve.ts";
import { prepareRuntimes } from "../tools/prepare_runtimes.ts";
import type { RuntimeName } from "../tools/runtimes.ts";
import { withInstalled } from "./installed.ts";
import type { Load } from "./load_here.ts";
import { output, placeOf } from "./measure.ts";
import { table } from "./report.ts";
import { rotated } from "./rounds.ts";
import { spread } from "./statistics.ts";
import { IDENTITY, OURS, PLAIN, REGION } from "./subjects.ts";

const [requests = "1000", streams = "200", names = "deno,node24,bun", times = "5"] = Deno.args;
const CLIENTS = { plain: PLAIN, ours: OURS } as const;
type Who = keyof typeof CLIENTS;
const FIGURES = ["requestsMs", "streamsMs", "latestMs", "grownKB", "listeners"] as const;

Deno.chdir(`${import.meta.dirname}/..`);
const aside = { record: (line: string) => console.error(line), note: console.error };
const runtimes = await prepareRuntimes(names.split(",") as RuntimeName[], aside);
const server = await serve(
  mantle({ region: REGION, credentials: [IDENTITY], bearerTokens: [EXAMPLE_BEARER_TOKEN] }),
);
const rows = await withInstalled(async (folder) => {
  const rows: string[][] = [];
  for (const { name } of runtimes) {
    const loads: Record<Who, Load[]> = { plain: [], ours: [] };
    // Each in a process of its own, and neither always first: heaps differ from run to run
    for (let time = 0; time < Number(times); time++) {
      for (const who of rotated(Object.keys(loads) as Who[], time)) {
        const args = [server.url, who, requests, streams];
        loads[who].push(JSON.parse(await output(placeOf(name, folder), "load_here", args)));
      }
    }
    for (const [who, runs] of Object.entries(loads)) {
      const errors = new Set(runs.flatMap(({ errors }) => errors));
      const figures = FIGURES.map((figure) => cell(runs.map((run) => run[figure])));
      rows.push([name, CLIENTS[who as Who], [...errors].join("; ") || "none", ...figures]);
      if (errors.size) Deno.exitCode = 1;
    }
  }
  return rows;
});
await server.close();
const head = [
  "runtime",
  "client",
  "errors",
  `${requests} requests at once, ms`,
  `${streams} streams at once, ms`,
  "event loop late by at most, ms",
  "memory grown, kB",
  "listeners left",
];
console.log(`Of ${times} processes each: the median, and the middle half.\n`);
console.log(table(head, rows));
Deno.exit();

function cell(values: readonly number[]): string {
  const { median, low, high } = spread(values);
  const [middle, from, to] = [median, low, high].map((value) => value.toFixed(0));
  return from === to ? `${middle}` : `${middle} (${from} to ${to})`;
}
