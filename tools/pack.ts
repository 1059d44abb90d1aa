/**
 * Builds the npm package: `deno task pack [folder]`, by default into `out/`.
 *
 * @module
 */
import { cp, mkdir, readFile, rm, writeFile } from "node:fs/promises";
import { resolve } from "node:path";
import { writeEsModules } from "./es_modules.ts";
import { commandLine, type DenoConfig, importedEntries, packageJson } from "./package_json.ts";
import { packagingFolder, packagingTool, preparePackaging, succeed } from "./packaging.ts";

const STAGE = "out/package";

/** The language level of Node 20. */
const LANGUAGE = ["--target", "es2022", "--lib", "es2023,dom,dom.iterable,dom.asynciterable"];

const COMPILER = [
  ...packagingTool("typescript/bin/tsc"),
  ...LANGUAGE,
  ...["--moduleResolution", "bundler", "--rewriteRelativeImportExtensions", "--declaration"],
  ...["--strict", "--noUncheckedIndexedAccess", "--skipLibCheck"],
  ...["--types", "node", "--typeRoots", `${packagingFolder}/node_modules/@types`],
  ...["--rootDir", "."],
];

/** Builds the npm package, and returns the path of its tarball. */
export async function pack(folder: string): Promise<string> {
  await preparePackaging();
  await rm(STAGE, { recursive: true, force: true });
  const config: DenoConfig = JSON.parse(await readFile("deno.json", "utf8"));
  await compile(config);
  await writeJson(`${STAGE}/package.json`, packageJson(config));
  // The nearest `package.json` decides on the module system
  await writeJson(`${STAGE}/dist/cjs/package.json`, { type: "commonjs", sideEffects: false });
  for (const page of ["README.md", "docs", "SECURITY.md", "CHANGELOG.md", "LICENSE"]) {
    await cp(page, `${STAGE}/${page}`, { recursive: true });
  }
  await mkdir(folder, { recursive: true });
  const destination = resolve(folder);
  const printed = await succeed(["npm", "pack", "--silent", "--pack-destination", destination], {
    cwd: STAGE,
  });
  return `${destination}/${printed.trim()}`;
}

/**
 * Compiles to ES modules, CommonJS and declarations. CommonJS unchecked, as it has no import
 * attributes.
 */
async function compile(config: DenoConfig): Promise<void> {
  const entries = importedEntries(config).map(([, file]) => file);
  const all = [...entries, commandLine(config)];
  const [esm, cjs] = [`${STAGE}/dist/esm`, `${STAGE}/dist/cjs`];
  const types = ["--module", "esnext", "--emitDeclarationOnly", "--outDir", esm];
  const commonJs = ["--module", "commonjs", "--noCheck", "--outDir", cjs];
  await Promise.all([
    writeEsModules(all, esm),
    succeed([...COMPILER, ...types, ...all]),
    succeed([...COMPILER, ...commonJs, ...entries]),
  ]);
}

async function writeJson(file: string, value: object): Promise<void> {
  await writeFile(file, `${JSON.stringify(value, null, 2)}\n`);
}

if (import.meta.main) {
  Deno.chdir(`${import.meta.dirname}/..`);
  console.log(await pack(Deno.args[0] ?? "out"));
}
