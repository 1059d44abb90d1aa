import { createHash } from "node:crypto";
import type { Machine } from "./machine.ts";

const HOUR = 3_600_000;

/**
 * Returns the path at which `aws sso login` keeps a token, for the name of a session or a start
 * URL.
 */
export function ssoTokenPath(key: string): string {
  return `.aws/sso/cache/${createHash("sha1").update(key).digest("hex")}.json`;
}

/** Keeps a token as `aws sso login` does. */
export async function keepSsoToken(
  { write }: Machine,
  key: string,
  { endsIn = HOUR, ...token }: { accessToken: string; endsIn?: number; [name: string]: unknown },
): Promise<void> {
  const expiresAt = new Date(Date.now() + endsIn).toISOString();
  const known = { startUrl: "https://example.awsapps.com/start", region: "eu-west-1" };
  await write(ssoTokenPath(key), JSON.stringify({ ...known, expiresAt, ...token }));
}
