import { cp, mkdir, mkdtemp, realpath, rm, symlink, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

const ROOT = fileURLToPath(new URL("../..", import.meta.url));
const PROBE = "tests/support/client_probe.ts";
const FILES = ["mod.ts", "aws.ts", "openai.ts", "src", PROBE];

/**
 * Runs with the path of the probe in a folder of its own, where this module stands as it is
 * published, beside one version of the OpenAI client.
 */
export async function besideOpenAI(
  alias: string,
  run: (probe: string) => Promise<void>,
): Promise<void> {
  const folder = await mkdtemp(join(tmpdir(), "client-"));
  try {
    for (const name of FILES) await cp(join(ROOT, name), join(folder, name), { recursive: true });
    await writeFile(
      join(folder, "package.json"),
      JSON.stringify({ type: "module", dependencies: { openai: "*" } }),
    );
    await mkdir(join(folder, "node_modules"));
    await symlink(
      await realpath(join(ROOT, "node_modules", alias)),
      join(folder, "node_modules/openai"),
    );
    await run(join(folder, PROBE));
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}
