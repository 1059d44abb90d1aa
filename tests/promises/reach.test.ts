import assert from "node:assert/strict";
import { test } from "node:test";
import { imports, importsAtOnce, isPackage, modulesIn, reach, textOf } from "../support/modules.ts";

test("mod.ts imports no package, no node: module and nothing of src/aws", async () => {
  const reached = [...await reach("mod.ts")];
  assert.deepEqual(reached.filter(isPackage), []);
  assert.deepEqual(reached.filter((path) => path.startsWith("src/aws/")), []);
});

test("sts.ts reaches no package, no node: module and nothing of src/aws", async () => {
  const reached = [...await reach("sts.ts")];
  assert.deepEqual(reached.filter(isPackage), []);
  assert.deepEqual(reached.filter((path) => path.startsWith("src/aws/")), []);
});

test("aws.ts imports one package and no node: module", async () => {
  const packages = [...await reach("aws.ts")].filter(isPackage);
  assert.deepEqual(packages, ["@aws-sdk/credential-provider-node"]);
});

/** Modules that no client needs before its first request. */
const LATE =
  /^src\/(?:exchange\/exchange|sigv4\/sign|inspect|keys\/short_term|aws\/chain|sts\/(?:session|wire|advice))\.ts$/;

test("an entry loads at once only what is needed to create a client", async () => {
  for (const [entry, most] of [["mod.ts", 30], ["aws.ts", 37], ["sts.ts", 20]] as const) {
    const atOnce = [...await reach(entry, importsAtOnce)];
    assert.ok(atOnce.length <= most, `${entry} loads ${atOnce.length} modules`);
    assert.deepEqual(atOnce.filter((path) => LATE.test(path)), [], entry);
  }
});

test("openai.ts imports what aws.ts does, and the client", async () => {
  const packages = [...await reach("openai.ts")].filter(isPackage).toSorted();
  const fromAws = [...await reach("aws.ts")].filter(isPackage);
  assert.deepEqual(packages, [...fromAws, "openai"].toSorted());
});

test("the handlers of the local servers import no node: module", async () => {
  for (const entry of ["conformance/mantle/mod.ts", "conformance/aws/mod.ts"]) {
    const packages = [...await reach(entry)].filter(isPackage).toSorted();
    assert.deepEqual(packages, ["@aws-crypto/sha256-js", "@smithy/signature-v4", "aws4fetch"]);
  }
});

test("the command line loads a command only when it runs", async () => {
  assert.deepEqual(await importsAtOnce("cli.ts"), ["node:process", "node:util", "cli/plain.ts"]);
  const loaded = await imports("cli.ts");
  for (const path of ["cli/proxy.ts", "conformance/mantle/command.ts"]) {
    assert.ok(loaded.includes(path), path);
  }
});

test("the proxy imports nothing of conformance/, and its server nothing of src/", async () => {
  const within = async (path: string, folder: string) =>
    [...await reach(path)].filter((reached) => reached.startsWith(folder));
  assert.deepEqual(await within("cli/proxy.ts", "conformance/"), []);
  assert.deepEqual(await within("loopback/until_stopped.ts", "src/"), []);
  assert.deepEqual([...await reach("proxy/handler.ts")].filter(isPackage), []);
});

test("docs/errors.md lists the error codes, and each is thrown somewhere", async () => {
  const errors = await textOf("src/errors.ts");
  const codes = [...errors.matchAll(/^ {2}\| "(\w+)"/gm)].map(([, code]) => code ?? "");
  assert.ok(codes.length > 10);
  const page = await textOf("docs/errors.md");
  const [, table = ""] = /^## By code$([^]*?)^## /m.exec(page) ?? [];
  const documented = [...table.matchAll(/^\| `(\w+)` \|/gm)].map(([, code]) => code);
  assert.deepEqual(documented, codes);
  const paths = (await modulesIn("src")).filter((path) => path !== "src/errors.ts");
  const sources = await Promise.all(paths.map(textOf));
  for (const code of codes) {
    assert.ok(sources.some((source) => source.includes(`"${code}"`)), `${code} is never thrown`);
    assert.ok(errors.includes(`| \`${code}\` |`), `${code} has no row in its docstring`);
  }
});
