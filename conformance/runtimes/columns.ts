import { readFile } from "node:fs/promises";
import type { Column } from "../report/report.ts";

/** A subject, and what it takes to run it. */
export interface Plan {
  readonly subject: string;
  /** True if this project is responsible for it. */
  readonly own: boolean;
  /** True if it contains an OpenAI client, so that it is run with each version. */
  readonly client: boolean;
  /** The reason why it needs a process, if it does. */
  readonly needsProcess?: string;
  /** The permissions that it needs on Deno, besides the network. */
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
    needsProcess: "It supports only Node and compatible runtimes",
    permissions: ["--allow-env", "--allow-read", "--allow-sys"],
  },
  { subject: "ai-sdk", own: false, client: false, permissions: ["--allow-env"] },
];

const aliases = { "6.45.0": "openai-6.45.0", "6.49.0": "openai-6.49.0", "7.0.0": "openai-7.0.0" };

/** The versions of the client, as `--sdk` takes them. */
export const sdkNames: readonly string[] = [...Object.keys(aliases), "newest"];

/** Lists the columns of a subject: one for each of these versions and modes. */
export async function columnsOf(
  { subject, own, client }: Plan,
  sdks: readonly string[],
  modes: readonly string[],
): Promise<Column[]> {
  const versions = client ? await Promise.all(sdks.map(versionOf)) : [undefined];
  return modes.flatMap((mode) => {
    // Sockets behave the same under every version, so the newest is enough
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
