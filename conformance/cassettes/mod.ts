/**
 * Every cassette by its id, which is its path without `.json`.
 *
 * @module
 */
import type { Cassette } from "../cassette.ts";
import { CHAT } from "./chat.ts";
import { CONTROL } from "./control.ts";
import { ERRORS } from "./errors.ts";
import { FILES } from "./files.ts";
import { MODELS } from "./models.ts";
import { RESPONSES } from "./responses.ts";
import { RUNTIME } from "./runtime.ts";

const CONTENT = { ...MODELS, ...RESPONSES, ...CHAT, ...ERRORS, ...RUNTIME, ...FILES, ...CONTROL };

/** The path of a cassette, without `.json`. */
export type CassetteId = keyof typeof CONTENT;

// What TypeScript infers of a JSON file is wider; the tests hold each file against the schema.
const BY_ID = CONTENT as Readonly<Record<CassetteId, unknown>> as Readonly<
  Record<CassetteId, Cassette>
>;

/** The cassettes, by id. */
export const CASSETTES: ReadonlyMap<string, Cassette> = new Map(Object.entries(BY_ID));

/** Returns a cassette by its id. */
export function cassette(id: CassetteId): Cassette {
  return BY_ID[id];
}
