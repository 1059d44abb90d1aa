/** A hash at once, which older runtimes lack. */
export type NodeHash = (
  algorithm: string,
  data: string | Uint8Array,
  encoding: "hex",
) => string;

/** The parts of Node's built-in modules that are used. */
interface BuiltinModules {
  "node:crypto": { readonly hash?: NodeHash };
  "node:fs": { readFileSync(path: string, encoding: "utf8"): string };
  "node:os": { homedir(): string };
  "node:path": { join(...parts: string[]): string };
}

/** A global object, which may know Node's built-in modules. */
export type MaybeNode = { process?: { getBuiltinModule?(name: string): unknown } };

/**
 * A built-in module of Node, as Node (from 20.16 and 22.3 on), Deno, Bun and workerd have it.
 *
 * Loaded when it is asked for, and at once: on Deno, `node:fs` takes longer than all of this module.
 */
export function builtinModule<Name extends keyof BuiltinModules>(
  name: Name,
  { process }: MaybeNode = globalThis as MaybeNode,
): BuiltinModules[Name] | undefined {
  return process?.getBuiltinModule?.(name) as BuiltinModules[Name] | undefined;
}
