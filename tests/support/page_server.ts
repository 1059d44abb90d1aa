import assert from "node:assert/strict";
import { fileURLToPath } from "node:url";
import { NO_AWS } from "./command.ts";
import { type LongProcess, withProcess } from "./long_process.ts";

const SERVER = fileURLToPath(new URL("../../examples/browser/server.ts", import.meta.url));

/**
 * Starts the page's server of the examples, which finds these variables and nothing else of
 * AWS.
 */
export async function withPageServer(
  script: string,
  variables: Readonly<Record<string, string>>,
  run: (link: string, running: LongProcess) => Promise<void>,
): Promise<void> {
  const env = { ...NO_AWS, ...variables, PORT: "0" };
  await withProcess(SERVER, [script], async (running) => {
    const [, link] = /^Open (\S+)\n/.exec(await running.printed(/\n/)) ?? [];
    await run(link ?? "", running);
  }, env);
}

/** Opens the link that the server prints as a browser would: where the page is, and its cookie. */
export async function openLink(link: string): Promise<{ home: string; cookie: string }> {
  const { status, headers } = await fetch(link, { redirect: "manual" });
  assert.equal(status, 303);
  const home = new URL(headers.get("location") ?? "", link).href;
  const [cookie = ""] = (headers.get("set-cookie") ?? "").split(";");
  return { home, cookie };
}
