import { writeFile } from "node:fs/promises";
import { join, resolve } from "node:path";
import { platform, runtimesFolder } from "../../tools/runtimes.ts";

const packages: Readonly<Record<string, string>> = {
  "linux-x64": "workerd-linux-64",
  "linux-arm64": "workerd-linux-arm64",
  "darwin-arm64": "workerd-darwin-arm64",
};

/** The path of the binary, whether it is installed or not. */
export const workerdBinary = resolve(
  runtimesFolder,
  `node_modules/@cloudflare/${packages[platform] ?? platform}/bin/workerd`,
);

/** The compatibility dates: before and after Node's modules became part of workerd. */
export const compatibilityDates = {
  "workerd-old": "2025-06-01",
  "workerd-new": "2026-10-01",
} as const;

/** Writes the configuration of a job, and returns the command that runs it. */
export async function workerdCommand(
  folder: string,
  name: keyof typeof compatibilityDates,
  job: string,
): Promise<string[]> {
  const file = join(folder, `${name}-${job.slice(job.lastIndexOf("/") + 1)}.capnp`);
  await writeFile(
    file,
    `using Workerd = import "/workerd/workerd.capnp";
const config :Workerd.Config = (services = [
  (name = "main", worker = .driver),
  (name = "loopback", network = (allow = ["private", "local"])),
]);
const driver :Workerd.Worker = (
  modules = [(name = "driver", esModule = embed "workerd.js")],
  compatibilityDate = "${compatibilityDates[name]}",
  bindings = [(name = "JOB", text = ${JSON.stringify(job)})],
  globalOutbound = "loopback",
);
`,
  );
  return [workerdBinary, "test", file];
}
