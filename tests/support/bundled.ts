import { execFile } from "node:child_process";
import { existsSync } from "node:fs";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import process from "node:process";
import { promisify } from "node:util";

const ESBUILD = resolve(
  `tools/runtimes/node_modules/@esbuild/${process.platform}-${process.arch}/bin/esbuild`,
);

/** Why nothing can be bundled here, if so. */
export const noBundler = existsSync(ESBUILD) ? undefined : `there is no ${ESBUILD}`;

/**
 * Bundles a module with its packages, as `name.js` of a folder of its own, until `run` has
 * ended.
 */
export async function withBundle(
  path: string,
  name: string,
  conditions: readonly string[],
  run: (file: string) => Promise<void>,
): Promise<void> {
  const folder = await mkdtemp(join(tmpdir(), "bedrock-example-"));
  const file = join(folder, `${name}.js`);
  try {
    await promisify(execFile)(ESBUILD, [
      path,
      "--bundle",
      "--format=esm",
      "--platform=browser",
      `--conditions=${conditions.join()}`,
      "--external:node:*",
      "--log-level=warning",
      `--outfile=${file}`,
    ], { timeout: 30_000 });
    await run(file);
  } finally {
    // Children of a browser outlive it a little, and write
    await rm(folder, { recursive: true, force: true });
  }
}
