import { readdir, readFile } from "node:fs/promises";
import { dirname, relative, resolve, sep } from "node:path";
import { fileURLToPath } from "node:url";

/** The folder of the project. */
export const ROOT: string = fileURLToPath(new URL("../..", import.meta.url));

/** Reads a file of the project. */
export async function textOf(path: string): Promise<string> {
  return await readFile(resolve(ROOT, path), "utf8");
}

/** Lists the modules below a folder, as paths from the root. */
export async function modulesIn(folder: string): Promise<string[]> {
  const paths = await readdir(resolve(ROOT, folder), { recursive: true });
  return paths.map((path) => `${folder}/${path.replaceAll(sep, "/")}`)
    .filter((path) => path.endsWith(".ts") && !path.includes("/node_modules/")).toSorted();
}

/** Lists the specifiers that a module imports at run time, without types. */
export function imports(path: string): Promise<string[]> {
  return specifiers(
    path,
    /^(?:import|export)(?! type\b)[^;]*?from "([^"]+)"|^import "([^"]+)"|\bimport\(\s*"([^"]+)"/gm,
  );
}

/** Lists the specifiers that a module imports when it is loaded. */
export function importsAtOnce(path: string): Promise<string[]> {
  return specifiers(
    path,
    /^(?:import|export)(?! type\b)[^;]*?from "([^"]+)"|^import "([^"]+)"/gm,
  );
}

/** Lists the specifiers that a module imports, including types. */
export function allImports(path: string): Promise<string[]> {
  return specifiers(
    path,
    /^(?:import|export)[^;]*?from "([^"]+)"|^import "([^"]+)"|\bimport\(\s*"([^"]+)"/gm,
  );
}

async function specifiers(path: string, pattern: RegExp): Promise<string[]> {
  const text = (await textOf(path)).replace(/\/\*[^]*?\*\//g, "");
  return [...text.matchAll(pattern)].map((found) => found.slice(1).find(Boolean) ?? "").map(
    (specifier) =>
      specifier.startsWith(".")
        ? relative(ROOT, resolve(ROOT, dirname(path), specifier)).replaceAll(sep, "/")
        : specifier,
  );
}

/** Tells whether an import is from outside of the project. */
export const isPackage = (specifier: string): boolean => !/\.(?:ts|json)$/.test(specifier);

/** Lists everything that a module reaches by these imports, including itself. */
export async function reach(
  path: string,
  importsOf: (path: string) => Promise<string[]> = imports,
  seen: Set<string> = new Set(),
): Promise<Set<string>> {
  if (seen.has(path)) return seen;
  seen.add(path);
  if (path.endsWith(".ts")) {
    for (const each of await importsOf(path)) await reach(each, importsOf, seen);
  }
  return seen;
}
