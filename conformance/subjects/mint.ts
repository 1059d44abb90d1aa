import { mintKey } from "../../mod.ts";
import type { SubjectOptions } from "../case.ts";

/** Mints a short-term key from the credentials in the options. */
export async function mint(
  { region, accessKeyId, secretAccessKey, sessionToken }: SubjectOptions,
): Promise<string> {
  return (await mintKey({ region, accessKeyId, secretAccessKey, sessionToken, env: {} })).key;
}
