import { readFile } from "node:fs/promises";
import type { Lane } from "../report/report.ts";

/** How a subject is run. */
export interface Plan {
  readonly subject: string;
  readonly own: boolean;
  /** Whether an OpenAI client is under it, so that it is run with each version. */
  readonly client: boolean;
  /** Why it cannot be run where there is no process. */
  readonly needsProcess?: string;
  /** What it needs of Deno, besides the network. */
  readonly permissions: readonly string[];
}

/** The subjects, in the order of the reports. */
export const plans: readonly Plan[] = [
  { subject: "ours", own: true, client: true, permissions: ["--allow-env"] },
  { subject: "ours, whole", own: true, client: true, permissions: ["--allow-env"] },
  { subject: "ours, fetch", own: true, client: false, permissions: ["--allow-env"] },
  {
    subject: "ours, aws",
    own: true,
    client: true,
    needsProcess: "AWS's credential chain needs a process",
    permissions: ["--allow-env", "--allow-read", "--allow-sys"],
  },
  {
    subject: "official",
    own: false,
    client: true,
    needsProcess: "It supports Node and its like only",
    permissions: ["--allow-env", "--allow-read", "--allow-sys"],
  },
  { subject: "ai-sdk", own: false, client: false, permissions: ["--allow-env"] },
];

const aliases = { "6.45.0": "openai-6.45.0", "6.49.0": "openai-6.49.0", "7.0.0": "openai-7.0.0" };

/** The versions of the client, as `--sdk` takes them. */
export const sdkNames: readonly string[] = [...Object.keys(aliases), "newest"];

/** The lanes of a subject: one for each of these versions, which are read from the packages. */
export async function lanesOf(
  { subject, own, client }: Plan,
  sdks: readonly string[],
  modes: readonly string[],
): Promise<Lane[]> {
  const versions = client ? await Promise.all(sdks.map(versionOf)) : [undefined];
  return modes.flatMap((mode) => {
    // What sockets show is not of the client's making: the newest stands for all
    const chosen = mode === "wire" ? versions.slice(-1) : versions;
    return chosen.map((sdk) => ({ subject, sdk, mode, own }));
  });
}

async function versionOf(sdk: string): Promise<string> {
  if (sdk !== "newest") return sdk;
  const { version }: { version: string } = JSON.parse(
    await readFile("node_modules/openai/package.json", "utf8"),
  );
  return version;
}
