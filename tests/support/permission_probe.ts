/**
 * A program that makes one request and prints what became of it; the arguments are a base URL and
 * the options of `bedrock()` as JSON.
 */
import { bedrock } from "../../aws.ts";

const { args } = (globalThis as unknown as { Deno: { args: string[] } }).Deno;
const [baseURL = "", options = "{}"] = args;

async function ask(): Promise<string> {
  const given = JSON.parse(options);
  const { url, fetch } = bedrock({ endpoint: "mantle", baseURL, ...given });
  const body = JSON.stringify({ model: "openai.gpt-5.4", input: "Say hello!" });
  const headers = { "content-type": "application/json" };
  const response = await fetch(`${url}/responses`, { method: "POST", body, headers });
  if (response.ok) return `status ${response.status}`;
  const { error } = await response.json();
  return `${error.code}: ${error.message}`;
}

console.log(await ask().catch((error) => `${error.code}: ${error.message}`));
