import { cp, mkdtemp, readdir, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { TestReport } from "./test_report.ts";
import { tryLoading } from "./loading.ts";
import { pack } from "./pack.ts";
import { packagingFolder, packagingTool, succeed } from "./packaging.ts";
import { fill, install, listPeers, type Project, project, withClient } from "./consumer_project.ts";
import { binaryOf, platform, type Runtime } from "./runtimes.ts";

const PUBLINT = packagingTool("publint/src/cli.js");
const ATTW = packagingTool("@arethetypeswrong/cli/dist/index.js");
const TSC = [
  ...packagingTool("typescript/bin/tsc"),
  ...["--noEmit", "--strict", "--skipLibCheck", "false", "--target", "es2022"],
];
const PROGRAMS = ["clients.ts", "option_combinations.ts"];
const DOM = ["--lib", "es2022,dom"];

/** Packs the npm package, installs it in new projects, and tries it there. */
export async function runPackage(
  runtimes: readonly Runtime[],
  testReport: TestReport,
): Promise<void> {
  const workshop = await mkdtemp(join(tmpdir(), "bedrock-package-"));
  const claim = async (title: string, check: () => Promise<unknown>) => {
    const start = performance.now();
    const output = await check().then(() => undefined, (error: Error) => error.message);
    const seconds = (performance.now() - start) / 1000;
    const failed = output === undefined ? 0 : 1;
    testReport.record(`package ${title}`, { passed: 1 - failed, failed, output, seconds });
    return failed === 0;
  };
  try {
    let tarball = "";
    if (!await claim("is built", async () => tarball = await pack(workshop))) return;
    const full = project(join(workshop, "full"));
    const alone = project(join(workshop, "alone"));
    const installed = await claim("installs with npm, alone and with its peers", async () => {
      await install(alone, tarball);
      await install(full, tarball, await listPeers());
    });
    if (!installed) return;

    const node20 = project(join(full.folder, "node20"));
    await withClient(node20, full, "openai-6.49.0");
    const others = runtimes.filter(({ name }) => name !== "deno");
    const claims: Record<string, () => Promise<unknown>> = {
      "passes publint": () => succeed([...PUBLINT, tarball, "--strict"]),
      "passes are-the-types-wrong": () => succeed([...ATTW, tarball]),
      "runs on Node 20 with openai 6.49.0": () => node20.run([node20Binary(), "entries.mjs"]),
      "runs alone, and names the AWS package where it is needed": () =>
        alone.run([node20Binary(), "alone.mjs"]),
      "has a command line": () => tryCommandLine(full, alone),
      "has a command line that no registry is asked for": () =>
        tryWithoutInstalled(workshop, alone),
      "loads few files at once, and others on first need": () =>
        tryLoading(join(full.folder, "node_modules/@mantle/bedrock/dist/esm")),
      "is bundled, with nothing of AWS for a token": () => tryBundles(full),
      "has types for every way to resolve them": () => tryTypes(full),
      "has types for old clients, and without one": () => tryClients(workshop, full),
    };
    for (const { name } of others) {
      claims[`runs on ${name}`] = () => full.run([binaryOf(name), "entries.mjs"]);
    }
    if (others.some(({ name }) => name === "bun")) {
      claims["installs with Bun, and runs alone"] = () => tryBun(workshop, tarball);
    }
    await Promise.all(Object.entries(claims).map(([title, check]) => claim(title, check)));
  } finally {
    await rm(workshop, { recursive: true, force: true });
  }
}

function node20Binary(): string {
  return `${Deno.cwd()}/${packagingFolder}/node_modules/node20-${platform}/bin/node`;
}

async function tryBun(workshop: string, tarball: string): Promise<void> {
  const consumer = project(join(workshop, "bun"));
  await fill(consumer);
  await consumer.run([binaryOf("bun"), "add", tarball]);
  await consumer.run([binaryOf("bun"), "--no-install", "alone.mjs"]);
}

async function tryCommandLine(full: Project, alone: Project): Promise<void> {
  const npx = ["npx", "--offline", "--no", "@mantle/bedrock"];
  const token = { AWS_BEARER_TOKEN_BEDROCK: "key", AWS_REGION: "us-west-2" };
  expect(await alone.run([...npx, "doctor"], token), "A request can be authenticated");
  expect(await alone.run([...npx, "--help"]), "Usage:");
  const missing = await alone.run([...npx, "mantle"]).catch(({ message }: Error) => message);
  expect(
    missing,
    "npm install @aws-crypto/sha256-js @smithy/signature-v4 aws4fetch",
  );
  expect(await full.run([...npx, "mantle", "--help"]), "Usage:");
  expect(await full.run([...npx, "conformance", "--case", "sigv4/*,streaming/*"]), ", 0 failed");
}

/**
 * Checks that the documented command never asks a registry for this name, which is not ours on npm.
 */
async function tryWithoutInstalled(workshop: string, installed: Project): Promise<void> {
  const asked: string[] = [];
  const registry = Deno.serve({ hostname: "127.0.0.1", port: 0, onListen() {} }, ({ url }) => {
    asked.push(new URL(url).pathname);
    return new Response("{}", { status: 404 });
  });
  try {
    const empty = project(join(workshop, "empty"));
    await fill(empty);
    const env = {
      npm_config_registry: `http://127.0.0.1:${registry.addr.port}/`,
      npm_config_cache: join(workshop, "empty-cache"),
    };
    const doctor = ["npx", "--offline", "--no", "@mantle/bedrock", "doctor", "--help"];
    expect(await installed.run(doctor, env), "Usage:");
    const failed = await empty.run(doctor, env).catch(({ message }: Error) => message);
    expect(failed, "ENOTCACHED");
  } finally {
    await registry.shutdown();
  }
  if (asked.length > 0) throw new Error(`The registry was asked for ${asked.join(", ")}`);
}

const FOREIGN =
  /@aws-sdk|@aws-crypto|@smithy|aws4fetch|credential-provider|(?:from|import|require)\W*node:/;

async function tryBundles({ folder, run }: Project): Promise<void> {
  const output = join(folder, "bundles");
  const bundle = packagingTool("../bundle.mjs");
  await run([...bundle, join(folder, "bearer.mjs"), output]);
  // Modules that are loaded later are in separate files
  for (const file of await readdir(output)) {
    const text = await readFile(join(output, file), "utf8");
    const [foreign] = text.match(FOREIGN) ?? [];
    if (foreign) throw new Error(`${file} contains ${foreign}`);
  }
  for (const bundler of ["esbuild", "vite", "webpack"]) {
    expect(await run(["node", join(output, `${bundler}.mjs`)]), "/v1/files Bearer key");
  }
  // The binary itself, as its install script may not have run
  const esbuild = `${Deno.cwd()}/${packagingFolder}/node_modules/@esbuild/${platform}/bin/esbuild`;
  const server = ["--bundle", "--platform=node", "--format=cjs", "--outfile=server.cjs"];
  await run([esbuild, "aws.mjs", ...server, "--log-level=warning"]);
  expect(await run(["node", "server.cjs"]), "AWS_ACCESS_KEY_ID");
}

async function tryTypes({ folder, run }: Project): Promise<void> {
  await cp(join(folder, "clients.ts"), join(folder, "clients.cts"));
  const node = ["--types", "node"];
  const bundler = ["--module", "esnext", "--moduleResolution", "bundler"];
  for (
    const options of [
      ["--module", "nodenext", ...node, ...DOM, "clients.cts"],
      ["--module", "node16", ...node, "--lib", "es2022"],
      [...bundler, ...node, ...DOM, "--exactOptionalPropertyTypes"],
    ]
  ) await run([...TSC, ...options, ...PROGRAMS]);
}

/**
 * Checks types with several clients and without one. Some need `skipLibCheck` for their own types.
 */
async function tryClients(workshop: string, full: Project): Promise<void> {
  const between = ["--skipLibCheck", "true"];
  for (
    const [alias, ...options] of [
      ["openai-6.45.0"],
      ["openai-6.49.0", ...between],
      ["openai-7.0.0", ...between],
      ["openai"],
    ]
  ) {
    const consumer = project(join(workshop, `types-${alias}`));
    await withClient(consumer, full, alias);
    await consumer.run([...TSC, "--module", "nodenext", ...DOM, ...options, ...PROGRAMS]);
  }
  for (const alias of ["openai-4.104.0", "openai-5.23.2", undefined]) {
    const consumer = project(join(workshop, `types-without-${alias}`));
    await withClient(consumer, full, alias);
    await consumer.run([...TSC, "--module", "nodenext", ...DOM, "without_openai.ts"]);
  }
}

function expect(printed: string, text: string): void {
  if (!printed.includes(text)) throw new Error(`Expected "${text}" in:\n${printed}`);
}
