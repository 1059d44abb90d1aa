import { cp, mkdir, readFile, symlink, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { packagingFolder, succeed } from "./packaging.ts";
import { testEnvironment } from "./runtimes.ts";

const CONSUMER = `${packagingFolder}/consumer`;
const INSTALL = ["npm", "install", "--prefer-offline", "--no-audit", "--no-fund", "--silent"];

/** A new project that depends on the package. */
export interface Project {
  readonly folder: string;
  /** Runs a command there, and returns its output. */
  readonly run: (command: string[], env?: Record<string, string>) => Promise<string>;
}

/** Describes a project, without creating it. */
export function project(folder: string): Project {
  return {
    folder,
    run: (command, env = {}) =>
      succeed(command, { cwd: folder, env: { ...testEnvironment(), ...env } }),
  };
}

/** Creates a project with the programs to try. */
export async function fill({ folder }: Project, dependencies: object = {}): Promise<void> {
  await mkdir(folder, { recursive: true });
  const own = { private: true, type: "module", dependencies };
  await writeFile(join(folder, "package.json"), JSON.stringify(own));
  await cp(CONSUMER, folder, { recursive: true });
  const combinations = "option_combinations.ts";
  await cp(`tests/support/${combinations}`, join(folder, combinations));
}

/** Creates a project, and installs the package and other dependencies. */
export async function install(project: Project, tarball: string, dependencies = {}): Promise<void> {
  await fill(project, dependencies);
  await project.run([...INSTALL, tarball]);
}

/** Lists the peers of the package and the types of Node, in the versions that this project uses. */
export async function listPeers(): Promise<object> {
  const { imports } = JSON.parse(await readFile("deno.json", "utf8"));
  const { peerDependencies } = JSON.parse(await readFile("out/package/package.json", "utf8"));
  const names = [...Object.keys(peerDependencies), "@types/node"];
  return Object.fromEntries(names.map((name) => [name, imports[name]]));
}

/**
 * Creates a project with the package and a version of the client, by its alias, or without a
 * client.
 */
export async function withClient(project: Project, full: Project, alias?: string): Promise<void> {
  await fill(project);
  const modules = join(project.folder, "node_modules");
  const name = "@mantle/bedrock";
  await cp(join(full.folder, "node_modules", name), join(modules, name), { recursive: true });
  if (alias) await symlink(`${Deno.cwd()}/node_modules/${alias}`, join(modules, "openai"));
}
