import { readFile } from "node:fs/promises";
import type { Cassette } from "../cassette.ts";
import { cases } from "../cases/mod.ts";
import { recordedCases } from "../recorded_case.ts";
import type { Job, Posted } from "./job.ts";
import { WireHost } from "./wire_host.ts";

/** A job that is waiting or running. */
export interface OpenJob {
  /** The URL that the driver gets it from, and posts outcomes to. */
  readonly url: string;
  /** The URL of a page that runs it. */
  readonly page: string;
  readonly posted: readonly Posted[];
}

/** A server on loopback that gives jobs to drivers and collects outcomes. */
export interface Hub {
  open(job: Pick<Job, "columns" | "cases">): OpenJob;
  close(): Promise<void>;
}

interface Entry {
  readonly job: Job;
  readonly posted: Posted[];
}

const page = `<!DOCTYPE html><meta charset="utf-8"><link rel="icon" href="data:,">
<title>Conformance</title><output></output><script type="module" src="/driver.js"></script>`;

/**
 * Starts a hub.
 *
 * @param driver The path of the page's script.
 * @param recordings Recorded exchanges, which every job runs besides the cases of the suite.
 */
export function startHub(driver: string, recordings: ReadonlyMap<string, Cassette>): Hub {
  const wires = new WireHost([...cases, ...recordedCases(recordings)]);
  const entries = new Map<string, Entry>();
  const server = Deno.serve({ hostname: "127.0.0.1", port: 0, onListen() {} }, async (request) => {
    const { pathname } = new URL(request.url);
    if (pathname === "/driver.js") {
      return text(await readFile(driver, "utf8"), "text/javascript");
    }
    if (pathname.startsWith("/page/")) return text(page, "text/html");
    if (pathname === "/wire") return await manageServers(wires, request);
    const entry = entries.get(pathname);
    if (entry === undefined) return new Response(null, { status: 404 });
    if (request.method === "GET") return Response.json(entry.job);
    if (request.method === "POST") entry.posted.push(await request.json());
    return new Response(null, { status: 204 });
  });
  const origin = `http://127.0.0.1:${server.addr.port}`;
  return {
    open(job) {
      const name = crypto.randomUUID();
      const carried = { recordings: Object.fromEntries(recordings), host: `${origin}/wire` };
      const entry = { job: { ...job, ...carried }, posted: [] };
      entries.set(`/job/${name}`, entry);
      const { posted } = entry;
      return { url: `${origin}/job/${name}`, page: `${origin}/page/${name}`, posted };
    },
    async close() {
      await wires.closeAll();
      await server.shutdown();
    },
  };
}

async function manageServers(wires: WireHost, request: Request): Promise<Response> {
  const body = await request.text();
  if (request.method === "DELETE") return Response.json(await wires.close(body));
  return new Response(await wires.open(body));
}

function text(body: string, type: string): Response {
  return new Response(body, { headers: { "content-type": `${type}; charset=utf-8` } });
}
