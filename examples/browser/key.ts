import process from "node:process";
import { decodeKey, mintKey } from "@mantle/bedrock/aws";

/** What a page needs to call Bedrock for a while. */
export interface PageKey {
  readonly apiKey: string;
  readonly region: string;
  readonly baseURL: string | undefined;
}

/** A key that ends by itself, for one page: minted for 15 minutes, or else the one that is set. */
export async function pageKey(): Promise<PageKey> {
  const { key: apiKey, region } = await mintKey({ expiresInSeconds: 900 }).catch(givenKey);
  return { apiKey, region, baseURL: process.env.AWS_BEDROCK_BASE_URL };
}

function givenKey(noCredentials: unknown): { key: string; region: string } {
  const { AWS_BEARER_TOKEN_BEDROCK: key } = process.env;
  if (!key) throw noCredentials;
  const region = decodeKey(key)?.region;
  if (region) return { key, region };
  throw new Error(
    "AWS_BEARER_TOKEN_BEDROCK is no short-term key, and a page must not have one that lasts. " +
      "Set AWS credentials, from which a key is minted for each page",
  );
}
