import assert from "node:assert/strict";
import { test } from "node:test";
import { imports, importsAtOnce, isPackage, modulesIn, reach, textOf } from "./support/modules.ts";

/** Each file of src/ may import only files further down. */
const ORDER = [
  "src/client_options.ts",
  "src/wording.ts",
  "src/sockets.ts",
  "src/keys/minting.ts",
  "src/bedrock.ts",
  "src/runtime_options.ts",
  "src/provider.ts",
  "src/fetch.ts",
  "src/exchange.ts",
  "src/idle_stream.ts",
  "src/router.ts",
  "src/recovery.ts",
  "src/clock_skew.ts",
  "src/departure.ts",
  "src/call.ts",
  "src/request_url.ts",
  "src/explanation.ts",
  "src/diagnosis.ts",
  "src/failure.ts",
  "src/answer.ts",
  "src/model.ts",
  "src/routes.ts",
  "src/authorized_headers.ts",
  "src/explain.ts",
  "src/passed_over.ts",
  "src/request.ts",
  "src/clock.ts",
  "src/renewal.ts",
  "src/credential.ts",
  "src/keys/own_region.ts",
  "src/auth.ts",
  "src/auth_options.ts",
  "src/bearer.ts",
  "src/keys/decode.ts",
  "src/keys/mint.ts",
  "src/keys/short_term.ts",
  "src/keys/key_form.ts",
  "src/sigv4/presign.ts",
  "src/sigv4/sign.ts",
  "src/sigv4/amz_date.ts",
  "src/sigv4/signing_key.ts",
  "src/sigv4/canonical_request.ts",
  "src/body.ts",
  "src/stream_bytes.ts",
  "src/stream_body.ts",
  "src/credential_reuse.ts",
  "src/callback.ts",
  "src/credentials.ts",
  "src/limits.ts",
  "src/endpoint.ts",
  "src/base_url.ts",
  "src/region.ts",
  "src/origin.ts",
  "src/host.ts",
  "src/partitions.ts",
  "src/environment.ts",
  "src/options.ts",
  "src/permissions.ts",
  "src/read_property.ts",
  "src/world.ts",
  "src/first_need.ts",
  "src/digest.ts",
  "src/soon.ts",
  "src/hmac.ts",
  "src/hexadecimal.ts",
  "src/builtin_module.ts",
  "src/bytes.ts",
  "src/headers.ts",
  "src/errors.ts",
];

test("mod.ts reaches no package, no node: module and nothing of src/aws", async () => {
  const reached = [...await reach("mod.ts")];
  assert.deepEqual(reached.filter(isPackage), []);
  assert.deepEqual(reached.filter((path) => path.startsWith("src/aws/")), []);
});

test("aws.ts reaches one package and no node: module", async () => {
  const packages = [...await reach("aws.ts")].filter(isPackage);
  assert.deepEqual(packages, ["@aws-sdk/credential-provider-node"]);
});

test("a node: module that is there is asked for only by src/aws and for digests", async () => {
  const askers = async (sought: RegExp) => {
    const found: string[] = [];
    for (const path of await modulesIn("src")) {
      const code = (await textOf(path)).replace(/\/\*[^]*?\*\/|^ *\/\/.*/gm, "");
      if (sought.test(code)) found.push(path);
    }
    return found;
  };
  assert.deepEqual(await askers(/["'`]node:/), [
    "src/aws/files.ts",
    "src/aws/regular_file.ts",
    "src/aws/shared_files.ts",
    "src/builtin_module.ts",
    "src/digest.ts",
  ]);
  assert.deepEqual(await askers(/getBuiltinModule/), ["src/builtin_module.ts"]);
});

/** What is loaded on first need: a call of `.fetch`, a signature, a refusal, an explanation, a key. */
const LATER = [
  "src/answer.ts",
  "src/clock_skew.ts",
  "src/credential_reuse.ts",
  "src/departure.ts",
  "src/diagnosis.ts",
  "src/digest.ts",
  "src/exchange.ts",
  "src/explain.ts",
  "src/explanation.ts",
  "src/failure.ts",
  "src/hexadecimal.ts",
  "src/hmac.ts",
  "src/idle_stream.ts",
  "src/keys/mint.ts",
  "src/keys/short_term.ts",
  "src/model.ts",
  "src/passed_over.ts",
  "src/recovery.ts",
  "src/renewal.ts",
  "src/router.ts",
  "src/routes.ts",
  "src/sigv4/canonical_request.ts",
  "src/sigv4/presign.ts",
  "src/sigv4/sign.ts",
  "src/sigv4/signing_key.ts",
  "src/stream_bytes.ts",
];

/** With them the chain of AWS, where credentials are looked up in it. */
const LATER_WITH_AWS = [
  ...LATER,
  "@aws-sdk/credential-provider-node",
  "src/aws/chain.ts",
  "src/aws/files.ts",
  "src/aws/needs.ts",
  "src/aws/reasons.ts",
  "src/aws/source_chain.ts",
  "src/aws/source_features.ts",
  "src/aws/sources.ts",
];

test("an entry loads at once only what makes a client, and all else on first need", async () => {
  // What looks at the AWS files is there before there is anything to sign
  const later = { "mod.ts": [...LATER, "src/builtin_module.ts"], "aws.ts": LATER_WITH_AWS };
  for (const [entry, expected] of Object.entries(later)) {
    const atOnce = await reach(entry, importsAtOnce);
    const found = [...await reach(entry)].filter((path) => !atOnce.has(path));
    assert.deepEqual(found.toSorted(), expected.toSorted(), entry);
  }
});

test("openai.ts reaches what aws.ts does, and the client", async () => {
  const packages = [...await reach("openai.ts")].filter(isPackage).toSorted();
  const fromAws = [...await reach("aws.ts")].filter(isPackage);
  assert.deepEqual(packages, [...fromAws, "openai"].toSorted());
});

test("the local servers as handlers reach the judges of signatures, and no node: module", async () => {
  for (const entry of ["conformance/mantle/mod.ts", "conformance/aws/mod.ts"]) {
    const packages = [...await reach(entry)].filter(isPackage).toSorted();
    assert.deepEqual(packages, ["@aws-crypto/sha256-js", "@smithy/signature-v4", "aws4fetch"]);
  }
});

test("the command line loads a command only where it runs", async () => {
  const text = await textOf("cli.ts");
  const fixed = [...text.matchAll(/^import [^;]*?from "([^"]+)"/gm)].map(([, from]) => from);
  assert.deepEqual(fixed, ["node:process", "node:util", "./cli/plain.ts"]);
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
  const files = (await modulesIn("src")).filter((path) => !path.startsWith("src/aws/"));
  assert.deepEqual(files, ORDER.toSorted());
  for (const [place, path] of ORDER.entries()) {
    for (const imported of await imports(path)) {
      assert.ok(ORDER.indexOf(imported) > place, `${path} imports ${imported}`);
    }
  }
});

/** What the modules of each folder may import, besides one another. */
const MAY_IMPORT: Readonly<Record<string, readonly string[]>> = {
  src: [],
  loopback: [],
  proxy: ["loopback", "src"],
  conformance: [
    "loopback",
    "src",
    "mod.ts",
    "aws.ts",
    "openai.ts",
    "cli/plain.ts",
    "cli/shell.ts",
    "cli/usage.ts",
    "tools",
  ],
  cli: ["loopback", "proxy", "src", "mod.ts", "aws.ts"],
  tools: ["mod.ts", "aws.ts", "cli/plain.ts", "conformance", "deno.json"],
  fuzz: ["loopback", "proxy", "conformance", "tests", "tools", "mod.ts", "aws.ts", "openai.ts"],
};

test("every folder imports only what it is built on", async () => {
  for (const [folder, allowed] of Object.entries(MAY_IMPORT)) {
    const paths = await modulesIn(folder);
    assert.ok(paths.length > 0, folder);
    for (const path of paths) {
      for (const imported of await imports(path)) {
        const [place = ""] = imported.split("/");
        const isFine = isPackage(imported) || place === folder ||
          allowed.includes(place) || allowed.includes(imported);
        assert.ok(isFine, `${path} imports ${imported}`);
      }
    }
  }
});

test("no module reaches itself by what it imports", async () => {
  const paths = (await Promise.all(Object.keys(MAY_IMPORT).map(modulesIn))).flat();
  const done = new Set<string>();
  const visit = async (path: string, way: readonly string[]): Promise<void> => {
    assert.ok(!way.includes(path), [...way.slice(way.indexOf(path)), path].join(" → "));
    if (done.has(path) || !path.endsWith(".ts")) return;
    for (const imported of await imports(path)) await visit(imported, [...way, path]);
    done.add(path);
  };
  for (const path of paths) await visit(path, []);
  assert.ok(done.size > 200, `${done.size} modules`);
});

test("the error codes are those of docs/errors.md, and each is thrown somewhere", async () => {
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
