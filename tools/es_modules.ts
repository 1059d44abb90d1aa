import { build } from "esbuild";

/**
 * Writes entries as npm has them, into a folder: an import costs Node by the file, so that what
 * loads together is one chunk, and what entries share one that they have in common. What is
 * imported on first need stays a chunk of its own.
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
