/**
 * Tries many inputs: `[--runs 2000] [--minutes 5] [--seed 7] [--path 0:1] [--only urls,keys]`.
 *
 * Runs in Deno, Node and Bun alike; `deno task fuzz` starts it in each.
 */
import process from "node:process";
import { parseArgs } from "node:util";
import { ideas } from "./all.ts";
import { anySeed } from "./property.ts";
import { shown } from "./views.ts";

const { values } = parseArgs({
  options: {
    runs: { type: "string" },
    minutes: { type: "string" },
    seed: { type: "string" },
    path: { type: "string" },
    only: { type: "string" },
  },
});
const wanted = values.only?.split(",");
const chosen = Object.entries(ideas).flatMap(([idea, properties]) =>
  properties.filter(({ name }) => !wanted || wanted.includes(idea) || values.only === name)
);
const seed = values.seed === undefined ? anySeed() : Number(values.seed);
const minutes = values.minutes === undefined ? undefined : Number(values.minutes);
const runs = Number(values.runs ?? (minutes === undefined ? 2_000 : 1e9));
if (
  !chosen.length || ![runs, seed].every(Number.isInteger) || minutes !== undefined && !(minutes > 0)
) {
  console.error(
    `Nothing to try. --only takes ${Object.keys(ideas).join(", ")}, or names of claims`,
  );
  process.exit(2);
}

let broken = 0;
let tried = 0;
process.on("unhandledRejection", (error) => {
  broken++;
  console.log(`BROKEN  a rejection that nobody handled: ${shown(error)}`);
});

for (const { name, probe } of chosen) {
  const limitMs = minutes && Math.min(minutes * 60_000 / chosen.length, 2 ** 31 - 1);
  const start = performance.now();
  const report = await probe({ runs, limitMs, seed, path: values.path });
  const seconds = ((performance.now() - start) / 1000).toFixed(1);
  tried += report.runs;
  console.log(`${report.broken ? "BROKEN" : "ok    "}  ${name}: ${report.runs} in ${seconds} s`);
  if (!report.broken) continue;
  broken++;
  console.log(`        by ${report.broken.input}`);
  console.log(`        ${shown(report.broken.error).replaceAll("\n", "\n        ")}`);
  console.log(`        again: --only "${name}" --seed ${seed} --path ${report.broken.path}`);
}
console.log(`\n${tried} inputs for ${chosen.length} claims, seed ${seed}, ${broken} broken`);
process.exit(broken ? 1 : 0);
