import { build } from "esbuild";

/**
 * Writes the entries as ES modules for npm. Each import of a file costs Node time, so modules that
 * load together are one chunk; dynamic imports stay separate chunks.
 */
export async function writeEsModules(entries: readonly string[], folder: string): Promise<void> {
  await build({
    entryPoints: [...entries],
    outdir: folder,
    outbase: ".",
    chunkNames: "chunks/[name]-[hash]",
    bundle: true,
    splitting: true,
    packages: "external",
    format: "esm",
    platform: "neutral",
    target: "es2022",
    charset: "utf8",
    logLevel: "warning",
  });
}
