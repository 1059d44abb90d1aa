import { readOption, readProperty } from "./read_options.ts";

/** The environment variables. */
export interface Environment {
  /** Reads a variable, trimmed; a blank one counts as absent. */
  get(name: string): string | undefined;
  /** Reads a variable that names a file or folder, untrimmed, as AWS's packages do. */
  getPath(name: string): string | undefined;
  /** True if these are the process's own, which AWS's packages read themselves. */
  readonly ofProcess: boolean;
  /** The variables read so far that Deno denied access to. */
  readonly hidden: ReadonlySet<string>;
}

/** A permission descriptor of Deno. */
export interface Permission {
  readonly name: "env" | "read" | "write" | "run" | "net" | "sys";
  readonly variable?: string;
  readonly path?: string;
  readonly command?: string;
  readonly host?: string;
  readonly kind?: "homedir" | "osRelease";
}

/** The globals that are used here. */
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
 * On Deno, a variable that the program may not read counts as not set, and is listed in `hidden`.
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

/** Queries a permission, without a prompt; only Deno has permissions. */
export function isPermitted(
  permission: Permission,
  runtime: RuntimeGlobals = globalThis as RuntimeGlobals,
): boolean {
  const deno = readGlobals(runtime).Deno;
  return !deno || deno.permissions.querySync(permission).state === "granted";
}

/** Reads the real globals; browsers have neither, and would read them from `Object.prototype`. */
function readGlobals(runtime: RuntimeGlobals): RuntimeGlobals {
  const [Deno, process] = ["Deno", "process"].map((name) => readProperty(runtime, name));
  return { Deno, process } as RuntimeGlobals;
}

/** Builds the flag that lets a Deno program read the hidden variables. */
export function hiddenFlag({ hidden }: Environment): string | undefined {
  return hidden.size ? `--allow-env=${[...hidden].join(",")}` : undefined;
}

/** Advises a Deno program on the hidden variables; empty if there are none. */
export function adviseOnHidden(env: Environment): string {
  const flag = hiddenFlag(env);
  return flag === undefined
    ? ""
    : `. Deno denies access to some variables; to allow it, add ${flag}`;
}
