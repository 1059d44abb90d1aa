import process from "node:process";

/** What a page needs to call Bedrock for a while. */
export interface PageKey {
  readonly apiKey: string;
  readonly region: string | undefined;
  readonly baseURL: string | undefined;
}

/** A key that ends by itself, for one page. */
export function pageKey(): PageKey {
  const { AWS_BEARER_TOKEN_BEDROCK, AWS_REGION, AWS_BEDROCK_BASE_URL } = process.env;
  if (!AWS_BEARER_TOKEN_BEDROCK) {
    throw new Error("Set AWS_BEARER_TOKEN_BEDROCK to a short-term key");
  }
  return {
    apiKey: AWS_BEARER_TOKEN_BEDROCK,
    region: AWS_REGION,
    baseURL: AWS_BEDROCK_BASE_URL,
  };
}
