import { valueOf } from "./options.ts";
import { type MaybeDeno, permitted } from "./permissions.ts";
import { readProperty } from "./read_property.ts";

/** Environment variables, wherever they live in this runtime. */
export interface Environment {
  /** Reads a variable, trimmed; a blank one counts as absent. */
  get(name: string): string | undefined;
  /** Whether these are the process's own, which AWS's packages read by themselves. */
  readonly ofProcess: boolean;
  /** The variables asked for that Deno's permissions hide. */
  readonly hidden: ReadonlySet<string>;
}

type RuntimeGlobals = MaybeDeno & {
  Deno?: { env: { get(name: string): string | undefined } };
  process?: { env?: object };
};

/**
 * Reads variables from `source` if given (a Worker's `env`), else from the runtime.
 *
 * On Deno, a variable that the program may not read counts as absent and is listed in `hidden`;
 * asking first keeps Deno from prompting.
 */
export function environment(
  source?: object,
  runtime: RuntimeGlobals = globalThis as RuntimeGlobals,
): Environment {
  const hidden = new Set<string>();
  const { process } = runtime;
  const Deno = readProperty(runtime, "Deno") as RuntimeGlobals["Deno"];
  const read = (name: string): unknown => {
    if (source) return valueOf(source, name, `${name} in \`env\``);
    if (!Deno) return process?.env && readProperty(process.env, name);
    if (permitted({ name: "env", variable: name }, runtime)) return Deno.env.get(name);
    hidden.add(name);
  };
  return {
    ofProcess: source === undefined,
    hidden,
    get(name) {
      const value = read(name);
      return typeof value === "string" && value.trim() ? value.trim() : undefined;
    },
  };
}

/** Says how to let a Deno program read the variables that are hidden from it, or nothing. */
export function permissionAdvice({ hidden }: Environment): string {
  return hidden.size ? `. Deno hides variables here; add --allow-env=${[...hidden].join(",")}` : "";
}
