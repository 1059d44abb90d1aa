import { readOption, readProperty } from "./read_options.ts";

/** Environment variables, wherever this runtime keeps them. */
export interface Environment {
  /** Reads a variable, trimmed; a blank one counts as absent. */
  get(name: string): string | undefined;
  /** Reads a variable that names a file or folder, untrimmed, as AWS's packages do. */
  getPath(name: string): string | undefined;
  /** Whether these are the process's own, which AWS's packages read by themselves. */
  readonly ofProcess: boolean;
  /** The variables among those read so far that Deno denies access to. */
  readonly hidden: ReadonlySet<string>;
}

/** A permission as Deno describes it. */
export interface Permission {
  readonly name: "env" | "read" | "write" | "run" | "net" | "sys";
  readonly variable?: string;
  readonly path?: string;
  readonly command?: string;
  readonly host?: string;
  readonly kind?: "homedir" | "osRelease";
}

/** The globals of a runtime that are used here. */
export interface RuntimeGlobals {
  Deno?: {
    env: { get(name: string): string | undefined };
    permissions: { querySync(permission: Permission): { state: string } };
  };
  process?: { env?: object };
}

/**
 * Reads variables from `source` if given (a Worker's `env`), otherwise from the runtime.
 *
 * On Deno, a variable that the program may not read counts as absent and is listed in `hidden`;
 * querying first keeps Deno from prompting.
 */
export function readEnvironment(
  source?: object,
  runtime: RuntimeGlobals = globalThis as RuntimeGlobals,
): Environment {
  const hidden = new Set<string>();
  const { Deno: deno, process } = readGlobals(runtime);
  const read = (name: string): unknown => {
    if (source) return readOption(source, name, `${name} in {env}`);
    if (!deno) return process?.env && readProperty(process.env, name);
    if (isPermitted({ name: "env", variable: name }, runtime)) return deno.env.get(name);
    hidden.add(name);
  };
  const getPath = (name: string) => {
    const value = read(name);
    return typeof value === "string" && value.trim() ? value : undefined;
  };
  return {
    ofProcess: source === undefined,
    hidden,
    get: (name) => getPath(name)?.trim(),
    getPath,
  };
}

/** Queries a permission of Deno, which keeps it from prompting; other runtimes permit everything. */
export function isPermitted(
  permission: Permission,
  runtime: RuntimeGlobals = globalThis as RuntimeGlobals,
): boolean {
  const deno = readGlobals(runtime).Deno;
  return !deno || deno.permissions.querySync(permission).state === "granted";
}

/** Reads what is really global: browsers have neither, and would take them from `Object.prototype`. */
function readGlobals(runtime: RuntimeGlobals): RuntimeGlobals {
  const [Deno, process] = ["Deno", "process"].map((name) => readProperty(runtime, name));
  return { Deno, process } as RuntimeGlobals;
}

/** The flag that lets a Deno program read the variables that are hidden from it. */
export function hiddenFlag({ hidden }: Environment): string | undefined {
  return hidden.size ? `--allow-env=${[...hidden].join(",")}` : undefined;
}

/** Tells a Deno program how to read the variables that are hidden from it; empty if there are none. */
export function adviseOnHidden(env: Environment): string {
  const flag = hiddenFlag(env);
  return flag === undefined ? "" : `. Deno hides variables here; add ${flag}`;
}
