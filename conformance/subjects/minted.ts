import { mintKey } from "../../mod.ts";
import type { SubjectOptions } from "../case.ts";

/** The short-term key that this module mints from given credentials. */
export async function minted(
  { region, accessKeyId, secretAccessKey, sessionToken }: SubjectOptions,
): Promise<string> {
  return (await mintKey({ region, accessKeyId, secretAccessKey, sessionToken, env: {} })).key;
}
