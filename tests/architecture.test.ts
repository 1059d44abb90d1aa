import assert from "node:assert/strict";
import { readdir, readFile } from "node:fs/promises";
import { dirname, relative, resolve, sep } from "node:path";
import { test } from "node:test";
import { fileURLToPath } from "node:url";
import * as aws from "../aws.ts";
import * as awsEndpoints from "../conformance/aws/mod.ts";
import * as conformance from "../conformance/mod.ts";
import * as mantle from "../conformance/mantle/mod.ts";
import * as mod from "../mod.ts";
import * as openai from "../openai.ts";

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
  "src/client_options.ts",
  "src/sockets.ts",
  "src/keys/minting.ts",
  "src/bedrock.ts",
  "src/wording.ts",
  "src/runtime_options.ts",
  "src/provider.ts",
  "src/fetch.ts",
  "src/exchange.ts",
  "src/idle_stream.ts",
  "src/router.ts",
  "src/recovery.ts",
  "src/call.ts",
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
  "src/credential.ts",
  "src/keys/own_region.ts",
  "src/auth.ts",
  "src/auth_options.ts",
  "src/bearer.ts",
  "src/callback.ts",
  "src/keys/decode.ts",
  "src/keys/short_term.ts",
  "src/sigv4/presign.ts",
  "src/sigv4/sign.ts",
  "src/sigv4/amz_date.ts",
  "src/sigv4/signing_key.ts",
  "src/sigv4/canonical_request.ts",
  "src/body.ts",
  "src/stream_body.ts",
  "src/credential_reuse.ts",
  "src/credentials.ts",
  "src/limits.ts",
  "src/endpoint.ts",
  "src/base_url.ts",
  "src/region.ts",
  "src/origin.ts",
  "src/host.ts",
  "src/partitions.ts",
  "src/options.ts",
  "src/environment.ts",
  "src/permissions.ts",
  "src/world.ts",
  "src/digest.ts",
  "src/bytes.ts",
  "src/headers.ts",
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
  const promised = [
    "BedrockError",
    "CONTROL_PATHS",
    "CONTROL_PREFIX",
    "DEFAULT_PREFIX",
    "MODEL_ROUTES",
    "MODEL_ROUTES_AS_OF",
    "SERVED_REGIONS",
    "SERVED_REGIONS_AS_OF",
    "bedrock",
    "decodeKey",
    "mintKey",
    "tokenProvider",
  ];
  assert.deepEqual(Object.keys(mod).toSorted(), promised);
  assert.deepEqual(Object.keys(aws).toSorted(), promised);
  assert.equal(aws.BedrockError, mod.BedrockError);
  const classes = ["BedrockError", "BedrockOpenAI", "fromEnvironment"];
  assert.deepEqual(Object.keys(openai).toSorted(), classes);
  assert.deepEqual(Object.keys(conformance).toSorted(), [
    "cases",
    "overSockets",
    "replay",
    "runCases",
    "runNegatives",
  ]);
  assert.deepEqual(Object.keys(mantle).toSorted(), [
    "EXAMPLE_BEARER_TOKEN",
    "EXAMPLE_CREDENTIALS",
    "MISBEHAVE_HEADER",
    "mantle",
    "misbehave",
    "parseMisbehaviours",
  ]);
  assert.deepEqual(Object.keys(awsEndpoints).toSorted(), [
    "containerCredentials",
    "instanceMetadata",
    "ssoOidc",
    "ssoPortal",
    "sts",
  ]);
});

test("the error codes are those of docs/errors.md, and each is thrown somewhere", async () => {
  const errors = await readFile(resolve(ROOT, "src/errors.ts"), "utf8");
  const codes = [...errors.matchAll(/^ {2}\| "(\w+)"/gm)].map(([, code]) => code ?? "");
  assert.ok(codes.length > 10);
  const page = await readFile(resolve(ROOT, "docs/errors.md"), "utf8");
  const [, table = ""] = /^## By code$([^]*?)^## /m.exec(page) ?? [];
  const documented = [...table.matchAll(/^\| `(\w+)` \|/gm)].map(([, code]) => code);
  assert.deepEqual(documented, codes);
  const paths = await readdir(resolve(ROOT, "src"), { recursive: true });
  const sources = await Promise.all(
    paths.filter((path) => path.endsWith(".ts") && path !== "errors.ts")
      .map((path) => readFile(resolve(ROOT, "src", path), "utf8")),
  );
  for (const code of codes) {
    assert.ok(sources.some((source) => source.includes(`"${code}"`)), `${code} is never thrown`);
    assert.ok(errors.includes(`| \`${code}\` |`), `${code} has no row in its docstring`);
  }
});
