import { existsSync, readdirSync, readFileSync } from "node:fs";
import type { Cassette } from "./cassette.ts";
import { isObject } from "./mantle/json_body.ts";
import { recordedCassette } from "./recorded_cassette.ts";

/** What a folder of recorded exchanges holds. */
export interface Recordings {
  /** By the names of their files, without `.json`. */
  readonly cassettes: ReadonlyMap<string, Cassette>;
  /** The files that no cassette can be made of, with the reason. */
  readonly left: ReadonlyMap<string, string>;
}

/**
 * Turns recorded exchanges into cassettes, in memory; the project holds no copy of them.
 *
 * Each `.json` file holds an exchange, or what is known of one, and a `.source.txt` beside it says
 * where it comes from; a `body_file` names the `.sse` file that holds a streamed body.
 *
 * @returns `undefined` where the folder does not exist.
 */
export function recordings(folder: URL): Recordings | undefined {
  if (!existsSync(folder)) return undefined;
  const text = (file: string) => readFileSync(new URL(file, folder), "utf8");
  const cassettes = new Map<string, Cassette>();
  const left = new Map<string, string>();
  for (const file of readdirSync(folder).filter((name) => name.endsWith(".json")).sort()) {
    const name = file.slice(0, -".json".length);
    const value: unknown = JSON.parse(text(file));
    if (!isObject(value)) {
      left.set(name, "holds texts without their envelope");
      continue;
    }
    const made = recordedCassette({ name, value, source: text(`${name}.source.txt`), read: text });
    if (typeof made === "string") left.set(name, made);
    else cassettes.set(name, made);
  }
  return { cassettes, left };
}
