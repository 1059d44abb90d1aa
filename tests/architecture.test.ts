import assert from "node:assert/strict";
import { readdir, readFile } from "node:fs/promises";
import { dirname, relative, resolve, sep } from "node:path";
import { test } from "node:test";
import { fileURLToPath } from "node:url";
import * as aws from "../aws.ts";
import * as mantle from "../conformance/mantle/mod.ts";
import * as mod from "../mod.ts";

const ROOT = fileURLToPath(new URL("..", import.meta.url));

/** The specifiers that a module imports at run time; types leave nothing behind. */
async function imports(path: string): Promise<string[]> {
  const text = (await readFile(resolve(ROOT, path), "utf8")).replace(/\/\*[^]*?\*\//g, "");
  const found = text.matchAll(
    /^(?:import|export)(?! type\b)[^;]*?from "([^"]+)"|\bimport\("([^"]+)"\)/gm,
  );
  return [...found].map(([, fixed, dynamic]) => fixed ?? dynamic ?? "").map((specifier) =>
    specifier.startsWith(".")
      ? relative(ROOT, resolve(ROOT, dirname(path), specifier)).replaceAll(sep, "/")
      : specifier
  );
}

async function reach(path: string, seen: Set<string> = new Set()): Promise<Set<string>> {
  if (seen.has(path)) return seen;
  seen.add(path);
  if (path.endsWith(".ts")) { for (const each of await imports(path)) await reach(each, seen); }
  return seen;
}

const isPackage = (specifier: string) => !specifier.endsWith(".ts");

/** Each file of src/ may import only files further down. */
const ORDER = [
  "src/bedrock.ts",
  "src/provider.ts",
  "src/fetch.ts",
  "src/authorized_headers.ts",
  "src/explain.ts",
  "src/passed_over.ts",
  "src/request.ts",
  "src/auth.ts",
  "src/bearer.ts",
  "src/callback.ts",
  "src/sigv4/sign.ts",
  "src/sigv4/signing_key.ts",
  "src/sigv4/canonical_request.ts",
  "src/body.ts",
  "src/credential_reuse.ts",
  "src/credentials.ts",
  "src/limits.ts",
  "src/digest.ts",
  "src/endpoint.ts",
  "src/base_url.ts",
  "src/region.ts",
  "src/origin.ts",
  "src/host.ts",
  "src/partitions.ts",
  "src/environment.ts",
  "src/permissions.ts",
  "src/world.ts",
  "src/errors.ts",
];

test("mod.ts reaches no package, no node: module and nothing of src/aws", async () => {
  const reached = [...await reach("mod.ts")];
  assert.deepEqual(reached.filter(isPackage), []);
  assert.deepEqual(reached.filter((path) => path.startsWith("src/aws/")), []);
});

test("aws.ts reaches one package, and node: only from src/aws", async () => {
  const packages = [...await reach("aws.ts")].filter(isPackage).toSorted();
  assert.deepEqual(packages, [
    "@aws-sdk/credential-provider-node",
    "node:fs",
    "node:os",
    "node:path",
  ]);
});

test("the local server as a handler reaches the judges of signatures, and no node: module", async () => {
  const packages = [...await reach("conformance/mantle/mod.ts")].filter(isPackage).toSorted();
  assert.deepEqual(packages, ["@aws-crypto/sha256-js", "@smithy/signature-v4", "aws4fetch"]);
});

test("the command line loads a command only where it runs", async () => {
  const text = await readFile(resolve(ROOT, "cli.ts"), "utf8");
  const fixed = [...text.matchAll(/^import [^;]*?from "([^"]+)"/gm)].map(([, from]) => from);
  assert.deepEqual(fixed, ["node:process", "node:util"]);
  const loaded = await imports("cli.ts");
  for (const path of ["cli/proxy.ts", "conformance/mantle/command.ts"]) {
    assert.ok(loaded.includes(path), path);
  }
});

test("the proxy reaches nothing of conformance/, and what serves it nothing of src/", async () => {
  const within = async (path: string, folder: string) =>
    [...await reach(path)].filter((reached) => reached.startsWith(folder));
  assert.deepEqual(await within("cli/proxy.ts", "conformance/"), []);
  assert.deepEqual(await within("loopback/until_stopped.ts", "src/"), []);
  const handler = [...await reach("proxy/handler.ts")];
  assert.deepEqual(handler.filter(isPackage), []);
});

test("imports point one way, and every file of src/ has its place", async () => {
  const files = (await readdir(resolve(ROOT, "src"), { recursive: true }))
    .map((path) => `src/${path.replaceAll(sep, "/")}`)
    .filter((path) => path.endsWith(".ts") && !path.startsWith("src/aws/"));
  assert.deepEqual(files.toSorted(), ORDER.toSorted());
  for (const [place, path] of ORDER.entries()) {
    for (const imported of await imports(path)) {
      assert.ok(ORDER.indexOf(imported) > place, `${path} imports ${imported}`);
    }
  }
});

test("the entries export exactly what they promise", () => {
  assert.deepEqual(Object.keys(mod).toSorted(), ["BedrockError", "bedrock"]);
  assert.deepEqual(Object.keys(aws).toSorted(), ["BedrockError", "bedrock"]);
  assert.equal(aws.BedrockError, mod.BedrockError);
  assert.deepEqual(Object.keys(mantle).toSorted(), [
    "EXAMPLE_BEARER_TOKEN",
    "EXAMPLE_CREDENTIALS",
    "MISBEHAVE_HEADER",
    "mantle",
    "misbehave",
    "parseMisbehaviours",
  ]);
});

test("every error code is documented in the README and thrown somewhere", async () => {
  const errors = await readFile(resolve(ROOT, "src/errors.ts"), "utf8");
  const codes = [...errors.matchAll(/^ {2}\| "(\w+)"/gm)].map(([, code]) => code ?? "");
  assert.ok(codes.length > 10);
  const readme = await readFile(resolve(ROOT, "README.md"), "utf8");
  const paths = await readdir(resolve(ROOT, "src"), { recursive: true });
  const sources = await Promise.all(
    paths.filter((path) => path.endsWith(".ts") && path !== "errors.ts")
      .map((path) => readFile(resolve(ROOT, "src", path), "utf8")),
  );
  for (const code of codes) {
    assert.ok(sources.some((source) => source.includes(`"${code}"`)), `${code} is never thrown`);
    assert.ok(readme.includes(`\`${code}\``), `${code} is not in the README`);
    assert.ok(errors.includes(`| \`${code}\` |`), `${code} has no row in its docstring`);
  }
});
