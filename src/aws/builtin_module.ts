/** The parts of Node's built-in modules that are used. */
interface BuiltinModules {
  "node:fs": { readFileSync(path: string, encoding: "utf8"): string };
  "node:os": { homedir(): string };
  "node:path": { join(...parts: string[]): string };
}

type MaybeNode = { process?: { getBuiltinModule?(name: string): unknown } };

/**
 * A built-in module of Node, as Node (from 20.16 and 22.3 on), Deno, Bun and workerd have it.
 *
 * Loaded when it is asked for, and at once: on Deno, `node:fs` takes longer than all of this module.
 */
export function builtinModule<Name extends keyof BuiltinModules>(
  name: Name,
): BuiltinModules[Name] | undefined {
  const { process } = globalThis as MaybeNode;
  return process?.getBuiltinModule?.(name) as BuiltinModules[Name] | undefined;
}
