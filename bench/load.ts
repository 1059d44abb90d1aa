/** The load command, `deno task load`: many requests and streams at once, on Deno, Node and Bun. */
import { EXAMPLE_BEARER_TOKEN, mantle } from "../conformance/mantle/mod.ts";
import { serve } from "../conformance/mantle/serve.ts";
import { prepareRuntimes } from "../tools/prepare_runtimes.ts";
import type { RuntimeName } from "../tools/runtimes.ts";
import { withInstalled } from "./installed.ts";
import type { Load } from "./load_here.ts";
import { output, placeOf } from "./measure.ts";
import { table } from "./report.ts";
import { IDENTITY, OURS, PLAIN, REGION } from "./subjects.ts";

const [requests = "1000", streams = "200", names = "deno,node24,bun"] = Deno.args;

Deno.chdir(`${import.meta.dirname}/..`);
const aside = { record: (line: string) => console.error(line), note: console.error };
const runtimes = await prepareRuntimes(names.split(",") as RuntimeName[], aside);
const server = await serve(
  mantle({ region: REGION, credentials: [IDENTITY], bearerTokens: [EXAMPLE_BEARER_TOKEN] }),
);
const rows = await withInstalled(async (folder) => {
  const rows: string[][] = [];
  for (const runtime of runtimes) {
    for (const [who, name] of [["plain", PLAIN], ["ours", OURS]] as const) {
      const args = [server.url, who, requests, streams];
      const load: Load = JSON.parse(await output(placeOf(runtime.name, folder), "load_here", args));
      const figures = [load.requestsMs, load.streamsMs, load.latestMs, load.grownKB]
        .map((value) => value.toFixed(0));
      const errors = load.errors.join("; ") || "none";
      rows.push([runtime.name, name, errors, ...figures, `${load.listeners}`]);
      if (load.errors.length) Deno.exitCode = 1;
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
  "heap grown, kB",
  "listeners left",
];
console.log(table(head, rows));
Deno.exit();
