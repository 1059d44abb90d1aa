import type { Cassette } from "../cassette.ts";
import { cases } from "../cases/mod.ts";
import { recordedCases } from "../recorded_case.ts";
import type { Job, Posted } from "./job.ts";
import { WireHost } from "./wire_host.ts";

/** A job that waits to be run or is running. */
export interface OpenJob {
  /** Where the driver gets it, and posts what came of it. */
  readonly url: string;
  /** A page that runs it. */
  readonly page: string;
  readonly posted: readonly Posted[];
  /** Resolves when the driver says that it is through. */
  readonly done: Promise<void>;
}

/** Hands out jobs to drivers over loopback and collects what they post. */
export interface Hub {
  open(job: Pick<Job, "lanes" | "cases">): OpenJob;
  close(): Promise<void>;
}

/** What the hub knows of a job. */
interface Entry {
  readonly job: Job;
  readonly posted: Posted[];
  readonly finish: () => void;
}

const page = `<!DOCTYPE html><meta charset="utf-8"><link rel="icon" href="data:,">
<title>Conformance</title><script type="module" src="/driver.js"></script>`;

/**
 * Starts a hub.
 *
 * @param driver The script of the page.
 * @param recordings What every job carries besides the cases of the suite.
 */
export function startHub(driver: () => string, recordings: ReadonlyMap<string, Cassette>): Hub {
  const wires = new WireHost([...cases, ...recordedCases(recordings)]);
  const entries = new Map<string, Entry>();
  const server = Deno.serve({ hostname: "127.0.0.1", port: 0, onListen() {} }, async (request) => {
    const { pathname } = new URL(request.url);
    if (pathname === "/driver.js") return text(driver(), "text/javascript");
    if (pathname.startsWith("/page/")) return text(page, "text/html");
    const entry = entries.get(pathname);
    if (pathname === "/wire") return await answerWire(wires, request);
    if (entry === undefined) return new Response(null, { status: 404 });
    if (request.method === "GET") return Response.json(entry.job);
    if (request.method === "POST") entry.posted.push(await request.json());
    if (request.method === "DELETE") entry.finish();
    return new Response(null, { status: 204 });
  });
  const origin = `http://127.0.0.1:${server.addr.port}`;
  return {
    open(job) {
      const name = crypto.randomUUID();
      const done = Promise.withResolvers<void>();
      const carried = { recordings: Object.fromEntries(recordings), host: `${origin}/wire` };
      const entry = { job: { ...job, ...carried }, posted: [], finish: done.resolve };
      entries.set(`/job/${name}`, entry);
      const { posted } = entry;
      return {
        url: `${origin}/job/${name}`,
        page: `${origin}/page/${name}`,
        posted,
        done: done.promise,
      };
    },
    async close() {
      await wires.closeAll();
      await server.shutdown();
    },
  };
}

async function answerWire(wires: WireHost, request: Request): Promise<Response> {
  const body = await request.text();
  if (request.method === "DELETE") return Response.json(await wires.close(body));
  return new Response(await wires.open(body));
}

function text(body: string, type: string): Response {
  return new Response(body, { headers: { "content-type": `${type}; charset=utf-8` } });
}
