import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import type { Cassette } from "./cassette.ts";
import { isObject } from "./mantle/json_body.ts";
import { recordedCassette } from "./recorded_cassette.ts";

/** The recorded exchanges of a folder. */
export interface Recordings {
  /** By the names of their files, without `.json`. */
  readonly cassettes: ReadonlyMap<string, Cassette>;
  /** The files that cannot be converted to cassettes, with the reason. */
  readonly skipped: ReadonlyMap<string, string>;
}

/**
 * Converts recorded exchanges to cassettes, in memory; the project holds no copy of them.
 *
 * Each `.json` file holds an exchange, or what is known of one. A `.source.txt` beside it says where
 * it comes from, and a `body_file` names the `.sse` file with a streamed body.
 *
 * @param folder The path of the folder.
 * @returns `undefined` if no folder is given.
 */
export function recordings(folder: string | undefined): Recordings | undefined {
  if (!folder) return undefined;
  const text = (file: string) => readFileSync(join(folder, file), "utf8");
  const cassettes = new Map<string, Cassette>();
  const skipped = new Map<string, string>();
  for (const file of readdirSync(folder).filter((name) => name.endsWith(".json")).sort()) {
    const name = file.slice(0, -".json".length);
    const value: unknown = JSON.parse(text(file));
    if (!isObject(value)) {
      skipped.set(name, "holds texts without their envelope");
      continue;
    }
    const made = recordedCassette({ name, value, source: text(`${name}.source.txt`), read: text });
    if (typeof made === "string") skipped.set(name, made);
    else cassettes.set(name, made);
  }
  return { cassettes, skipped };
}
