import { resolve } from "node:path";
import { run } from "../../tools/run.ts";
import { platform, runtimesFolder } from "../../tools/runtimes.ts";

const esbuild = resolve(runtimesFolder, `node_modules/@esbuild/${platform}/bin/esbuild`);

/**
 * Bundles a driver for a runtime that cannot load packages.
 *
 * @throws {Error} With the output of esbuild.
 */
export async function bundle(
  driver: string,
  output: string,
  conditions: readonly string[],
): Promise<void> {
  const { ok, output: printed } = await run([
    esbuild,
    driver,
    "--bundle",
    "--format=esm",
    "--platform=browser",
    "--target=es2022",
    `--conditions=${conditions.join(",")}`,
    "--external:node:*",
    "--keep-names",
    "--log-level=warning",
    `--outfile=${output}`,
  ], { limitSeconds: 30 });
  if (!ok) throw new Error(`Could not bundle ${driver}: ${printed.trim()}`);
}
