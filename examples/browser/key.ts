import process from "node:process";
import { decodeKey, mintKey } from "@mantle/bedrock/aws";

/** The settings that a page needs to call Bedrock for a while. */
export interface PageKey {
  readonly apiKey: string;
  readonly region: string;
  readonly baseURL: string | undefined;
}

/** Creates a key for one page: mints one for 15 minutes, or takes the short-term key that is set. */
export async function createPageKey(): Promise<PageKey> {
  const { key: apiKey, region } = await mintKey({ expiresInSeconds: 900 }).catch(readKey);
  return { apiKey, region, baseURL: process.env.AWS_BEDROCK_BASE_URL };
}

function readKey(noCredentials: unknown): { key: string; region: string } {
  const { AWS_BEARER_TOKEN_BEDROCK: key } = process.env;
  if (!key) throw noCredentials;
  const region = decodeKey(key)?.region;
  if (region) return { key, region };
  throw new Error(
    "AWS_BEARER_TOKEN_BEDROCK is not a short-term key, and a page must not get a long-term one. " +
      "Set AWS credentials instead: a key is then minted for each page",
  );
}
