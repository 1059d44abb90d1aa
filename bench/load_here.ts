/** Loads the server of the first argument from this process, and prints what that leaves behind. */
import process from "node:process";
import { getEventListeners } from "node:events";
import OpenAI from "openai";
import { bedrock } from "../aws.ts";
import { IDENTITY, MODEL, REGION, TOKEN } from "./subjects.ts";

/** The load by one client, and its remains. */
export interface Load {
  readonly errors: readonly string[];
  readonly requestsMs: number;
  readonly streamsMs: number;
  /** The longest that the event loop was late, in milliseconds. */
  readonly latestMs: number;
  /** On the signal that all calls share, and on the process. */
  readonly listeners: number;
  /** Growth of the memory on and off the heap by a second load, in kilobytes. */
  readonly grownKB: number;
}

const [, , origin = "", who = "ours", requests = "1000", streams = "200"] = process.argv;
const baseURL = `${origin}/openai/v1`;
const client = who === "plain"
  ? new OpenAI({ apiKey: TOKEN, baseURL })
  : new OpenAI(bedrock({ baseURL, endpoint: "mantle", region: REGION, ...IDENTITY }));
const { signal } = new AbortController();
const errors: string[] = [];

async function request(): Promise<void> {
  const { output_text } = await client.responses.create({ model: MODEL, input: "Hello" }, {
    signal,
  });
  if (!output_text.includes("Hello")) throw new Error(`The text is ${output_text}`);
}

async function stream(): Promise<void> {
  const body = { model: MODEL, input: "Hello", stream: true } as const;
  let text = "";
  for await (const event of await client.responses.create(body, { signal })) {
    if (event.type === "response.output_text.delta") text += event.delta;
  }
  if (!text.includes("Hello")) throw new Error(`Streamed ${text}`);
}

/** Describes an error with its causes, as the client's own message says little. */
function said(error: unknown): string {
  const { message, code, cause } = error as Error & { code?: string };
  return `${code ?? ""} ${message}${cause ? `: ${said(cause)}` : ""}`.trim();
}

/** Runs so many at once; resolves to how long that took. */
async function together(count: number, run: () => Promise<void>): Promise<number> {
  const start = performance.now();
  const all = Array.from({ length: count }, () => run().catch((error) => errors.push(said(error))));
  await Promise.all(all);
  return performance.now() - start;
}

/**
 * Measures the memory in use, in bytes, after Node has closed the connections that it keeps for 4
 * s.
 */
async function held(): Promise<number> {
  await new Promise((resolve) => setTimeout(resolve, 6_000));
  const collect = globalThis as { gc?: () => void; Bun?: { gc(force: boolean): void } };
  for (let time = 0; time < 5; time++) {
    collect.gc?.();
    collect.Bun?.gc(true);
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
  const { heapUsed, external } = process.memoryUsage();
  return heapUsed + external;
}

let latestMs = 0;
let last = performance.now();
const beat = setInterval(() => {
  latestMs = Math.max(latestMs, performance.now() - last - 10);
  last = performance.now();
}, 10);

await together(Number(requests), request);
await together(Number(streams), stream);
const before = await held();
latestMs = 0;
const requestsMs = await together(Number(requests), request);
const streamsMs = await together(Number(streams), stream);
clearInterval(beat);
const events = process.eventNames().map((name) => process.listenerCount(name));
const load: Load = {
  errors: [...new Set(errors)],
  requestsMs,
  streamsMs,
  latestMs,
  listeners: getEventListeners(signal, "abort").length + events.reduce((sum, one) => sum + one, 0),
  grownKB: (await held() - before) / 1000,
};
// A pipe takes so much at once: what is left when a process ends is lost
process.stdout.write(JSON.stringify(load), () => process.exit(0));
