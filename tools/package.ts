import { cp, mkdir, mkdtemp, readdir, readFile, rm, symlink, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Ledger } from "./ledger.ts";
import { pack } from "./pack.ts";
import { packagingFolder, packagingTool, succeed } from "./packaging.ts";
import { binaryOf, platform, type Runtime, testEnvironment } from "./runtimes.ts";

const CONSUMER = `${packagingFolder}/consumer`;
const INSTALL = ["npm", "install", "--prefer-offline", "--no-audit", "--no-fund", "--silent"];
const TSC = [
  ...packagingTool("typescript/bin/tsc"),
  ...["--noEmit", "--strict", "--skipLibCheck", "false", "--target", "es2022"],
];
const PROGRAMS = ["clients.ts", "option_combinations.ts"];
const DOM = ["--lib", "es2022,dom"];

/** A fresh project that has installed the package. */
interface Project {
  readonly folder: string;
  /** Runs a command there, and returns what it printed. */
  readonly run: (command: string[], env?: Record<string, string>) => Promise<string>;
}

/** Packs the npm package, and tries it as those do who install it. */
export async function runPackage(runtimes: readonly Runtime[], ledger: Ledger): Promise<void> {
  const workshop = await mkdtemp(join(tmpdir(), "bedrock-package-"));
  const claim = async (title: string, check: () => Promise<unknown>) => {
    const start = performance.now();
    const output = await check().then(() => undefined, (error: Error) => error.message);
    const seconds = (performance.now() - start) / 1000;
    const failed = output === undefined ? 0 : 1;
    ledger.record(`package ${title}`, { passed: 1 - failed, failed, output, seconds });
    return failed === 0;
  };
  try {
    let tarball = "";
    if (!await claim("is built", async () => tarball = await pack(workshop))) return;
    await claim(
      "passes publint",
      () => succeed([...packagingTool("publint/src/cli.js"), tarball, "--strict"]),
    );
    const attw = packagingTool("@arethetypeswrong/cli/dist/index.js");
    await claim("passes are-the-types-wrong", () => succeed([...attw, tarball]));

    const full = project(join(workshop, "full"));
    const alone = project(join(workshop, "alone"));
    const installed = await claim("installs with npm, alone and with its peers", async () => {
      await install(alone, tarball);
      await install(full, tarball, await peers());
    });
    if (!installed) return;

    const node20 = project(join(full.folder, "node20"));
    await withClient(node20, full, "openai-6.49.0");
    const node20Binary = `${packagingFolder}/node_modules/node20-${platform}/bin/node`;
    await claim(
      "runs on Node 20 with openai 6.49.0",
      () => node20.run([`${Deno.cwd()}/${node20Binary}`, "entries.mjs"]),
    );
    for (const { name } of runtimes) {
      if (name === "deno") continue;
      await claim(`runs on ${name}`, () => full.run([binaryOf(name), "entries.mjs"]));
      if (name !== "bun") continue;
      const bun = project(join(workshop, "bun"));
      await claim("installs with Bun, and runs alone", async () => {
        await fill(bun);
        await bun.run([binaryOf(name), "add", tarball]);
        await bun.run([binaryOf(name), "--no-install", "alone.mjs"]);
      });
    }
    await claim(
      "runs alone, and names the AWS package where it is needed",
      () => alone.run(["node", "alone.mjs"]),
    );
    await claim("has a command line", () => tryCommandLine(full, alone));
    await claim("is bundled, with nothing of AWS for a token", () => tryBundles(full));
    await claim("has types for every way to resolve them", () => tryTypes(full));
    await claim("has types for old clients, and without one", () => tryClients(workshop, full));
  } finally {
    await rm(workshop, { recursive: true, force: true });
  }
}

function project(folder: string): Project {
  return {
    folder,
    run: (command, env = {}) =>
      succeed(command, { cwd: folder, env: { ...testEnvironment(), ...env } }),
  };
}

/** Puts a program's own files into a project. */
async function fill({ folder }: Project, dependencies: object = {}): Promise<void> {
  await mkdir(folder, { recursive: true });
  const own = { private: true, type: "module", dependencies };
  await writeFile(join(folder, "package.json"), JSON.stringify(own));
  await cp(CONSUMER, folder, { recursive: true });
  const combinations = "option_combinations.ts";
  await cp(`tests/support/${combinations}`, join(folder, combinations));
}

async function install(project: Project, tarball: string, dependencies = {}): Promise<void> {
  await fill(project, dependencies);
  await project.run([...INSTALL, tarball]);
}

/** The peers of the package and the types of Node, in the versions that this project uses. */
async function peers(): Promise<object> {
  const { imports } = JSON.parse(await readFile("deno.json", "utf8"));
  const { peerDependencies } = JSON.parse(await readFile("out/package/package.json", "utf8"));
  const names = [...Object.keys(peerDependencies), "@types/node"];
  return Object.fromEntries(names.map((name) => [name, imports[name]]));
}

/** Makes a project with the package and another copy of the client, by its alias, or with none. */
async function withClient(project: Project, full: Project, alias?: string): Promise<void> {
  await fill(project);
  const modules = join(project.folder, "node_modules");
  const name = "@mantle/bedrock";
  await cp(join(full.folder, "node_modules", name), join(modules, name), { recursive: true });
  if (alias) await symlink(`${Deno.cwd()}/node_modules/${alias}`, join(modules, "openai"));
}

async function tryCommandLine(full: Project, alone: Project): Promise<void> {
  const npx = ["npx", "--no-install", "@mantle/bedrock"];
  const token = { AWS_BEARER_TOKEN_BEDROCK: "key", AWS_REGION: "us-west-2" };
  expect(await alone.run([...npx, "doctor"], token), "A request can be authenticated");
  expect(await alone.run([...npx, "--help"]), "Usage:");
  const missing = await alone.run([...npx, "mantle"]).catch(({ message }: Error) => message);
  expect(
    missing,
    "npm install @mantle/bedrock @aws-crypto/sha256-js @smithy/signature-v4 aws4fetch",
  );
  expect(await full.run([...npx, "mantle", "--help"]), "Usage:");
  expect(await full.run([...npx, "conformance", "--case", "sigv4/*,streaming/*"]), ", 0 failed");
}

async function tryBundles({ folder, run }: Project): Promise<void> {
  const output = join(folder, "bundles");
  const bundle = packagingTool("../bundle.mjs");
  await run([...bundle, join(folder, "bearer.mjs"), output]);
  const files = await readdir(output);
  if (files.length !== 3) throw new Error(`Made ${files.join()}`);
  for (const file of files) {
    const text = await readFile(join(output, file), "utf8");
    const foreign = text.match(/@aws-sdk|@aws-crypto|@smithy|aws4fetch|credential-provider|node:/);
    if (foreign) throw new Error(`${file} holds ${foreign[0]}`);
    expect(await run(["node", join(output, file)]), "/v1/files Bearer key");
  }
  const esbuild = packagingTool("esbuild/bin/esbuild");
  const server = ["--bundle", "--platform=node", "--format=cjs", "--outfile=server.cjs"];
  await run([...esbuild, "aws.mjs", ...server, "--log-level=warning"]);
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

/** Without the types of Node, too. What the versions between declare besides is not looked at. */
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
  if (!printed.includes(text)) throw new Error(`Nothing says "${text}" in:\n${printed}`);
}
