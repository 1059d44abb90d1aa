import { readProperty } from "./read_options.ts";

/** The one-shot hash of Node, which older versions lack. */
export type NodeHash = (
  algorithm: string,
  data: string | Uint8Array,
  encoding: "hex",
) => string;

/** The kind and size of a file. */
interface Stats {
  isFile(): boolean;
  isDirectory(): boolean;
  isFIFO(): boolean;
  readonly size: number;
}

/** The parts of Node's built-in modules that are used. */
interface NodeBuiltins {
  "node:crypto": { readonly hash?: NodeHash };
  "node:fs": {
    readFileSync(path: string, encoding: "utf8"): string;
    statSync(path: string, options: { throwIfNoEntry: false }): Stats | undefined;
  };
  "node:os": { homedir(): string };
  "node:path": { join(...parts: string[]): string };
}

/** A global object that may give access to Node's built-in modules. */
export type MaybeNode = { process?: { getBuiltinModule?(name: string): unknown } };

/**
 * Loads a built-in module of Node synchronously, on Node (20.16 and 22.3 or later), Deno, Bun and
 * workerd; `undefined` elsewhere.
 *
 * An import would be slower: on Deno, importing `node:fs` takes longer than all of this module.
 */
export function nodeBuiltin<Name extends keyof NodeBuiltins>(
  name: Name,
  runtime: MaybeNode = globalThis as MaybeNode,
): NodeBuiltins[Name] | undefined {
  const process = readProperty(runtime, "process") as MaybeNode["process"];
  return process?.getBuiltinModule?.(name) as NodeBuiltins[Name] | undefined;
}
