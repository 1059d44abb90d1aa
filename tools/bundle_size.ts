import { build } from "esbuild";
import { Buffer } from "node:buffer";
import { gzipSync } from "node:zlib";

/** The size of an entry, minified and gzipped, in bytes. */
export interface BundleSize {
  /** Loaded with the entry. */
  readonly atOnce: number;
  /** Including everything that is loaded later. */
  readonly whole: number;
}

/** The limit for each entry, without AWS's packages. */
export const sizeLimits: Readonly<Record<string, BundleSize>> = {
  "mod.ts": { atOnce: 10_000, whole: 20_200 },
  // Goal: 9,000 in all, which signing and the advice on each refusal exceed
  "sts.ts": { atOnce: 4_200, whole: 16_300 },
  "aws.ts": { atOnce: 11_500, whole: 33_100 },
};

/** Bundles an entry with code splitting, and measures its chunks. */
export async function bundleSize(entry: string): Promise<BundleSize> {
  const { metafile, outputFiles } = await build({
    entryPoints: [entry],
    outdir: "out",
    bundle: true,
    splitting: true,
    minify: true,
    format: "esm",
    target: "es2022",
    external: ["node:*", "@aws-sdk/*"],
    metafile: true,
    write: false,
    logLevel: "silent",
  });
  const pieces = new Map(outputFiles.map(({ path, contents }) => {
    return [path.slice(path.lastIndexOf("/out/") + 1), contents];
  }));
  const outputs = Object.entries(metafile.outputs);
  const atOnce = new Set(outputs.filter(([, { entryPoint }]) => entryPoint === entry).map(nameOf));
  for (const name of atOnce) {
    for (const { path, kind } of metafile.outputs[name]?.imports ?? []) {
      if (kind === "import-statement" && pieces.has(path)) atOnce.add(path);
    }
  }
  const size = (names: Iterable<string>) => {
    const contents = [...names].map((name) => pieces.get(name) ?? new Uint8Array());
    return gzipSync(Buffer.concat(contents), { level: 9 }).length;
  };
  return { atOnce: size(atOnce), whole: size(pieces.keys()) };
}

function nameOf([name]: readonly [string, unknown]): string {
  return name;
}
