import assert from "node:assert/strict";
import { existsSync, statSync } from "node:fs";
import { readdir } from "node:fs/promises";
import { resolve, sep } from "node:path";
import { test } from "node:test";
import { allImports, isPackage, ROOT, textOf } from "../support/modules.ts";

interface Config {
  readonly exports: Readonly<Record<string, string>>;
  readonly imports: Readonly<Record<string, string>>;
  readonly publish: { readonly include: readonly string[]; readonly exclude: readonly string[] };
}

/** Lists the files that `deno publish` includes. */
async function published({ publish }: Config): Promise<string[]> {
  const isBelow = (path: string, list: readonly string[]) =>
    list.some((each) => path === each || path.startsWith(`${each}/`));
  const files = await Promise.all(publish.include.map(async (name) => {
    if (!statSync(resolve(ROOT, name)).isDirectory()) return [name];
    const paths = await readdir(resolve(ROOT, name), { recursive: true, withFileTypes: true });
    return paths.filter((each) => each.isFile()).map((each) =>
      resolve(each.parentPath, each.name).slice(resolve(ROOT).length + 1).replaceAll(sep, "/")
    );
  }));
  return files.flat().filter((path) => !isBelow(path, publish.exclude)).toSorted();
}

const config: Config = JSON.parse(await textOf("deno.json"));
const files = await published(config);

test("the published files include every entry, and no tests, tools or examples", () => {
  for (const path of Object.values(config.exports)) {
    assert.ok(files.includes(path.slice(2)), `${path} is not published`);
  }
  const foreign = files.filter((path) =>
    /^(?:tests|tools|fuzz|bench|examples|out)\/|\.test\.ts$|node_modules/.test(path)
  );
  assert.deepEqual(foreign, []);
  for (const path of ["README.md", "LICENSE", "CHANGELOG.md"]) assert.ok(files.includes(path));
});

test("every module that a published one imports is published, and every package is named", async () => {
  for (const path of files.filter((path) => path.endsWith(".ts"))) {
    for (const imported of await allImports(path)) {
      const isNamed = imported.startsWith("node:") ||
        Object.keys(config.imports).some((name) => `${imported}/`.startsWith(`${name}/`));
      const isThere = isPackage(imported) ? isNamed : files.includes(imported);
      assert.ok(isThere, `${path} imports ${imported}`);
    }
  }
});

test("the files that are excluded from publishing exist", () => {
  for (const path of config.publish.exclude) assert.ok(existsSync(resolve(ROOT, path)), path);
});
