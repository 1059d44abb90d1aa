/// <reference lib="dom" />
/** The script of the page, which gets a key from its own server and then calls Bedrock. */
import { bedrock } from "@mantle/bedrock";
import OpenAI from "openai";
import type { PageKey } from "./key.ts";

async function fetchKey(): Promise<PageKey> {
  const response = await fetch("key", { method: "POST" });
  if (!response.ok) throw new Error(await response.text());
  return await response.json();
}

const output = document.querySelector("#answer")!;
try {
  const { region, baseURL } = await fetchKey();
  const tokenProvider = async () => (await fetchKey()).apiKey;
  const options = bedrock({ region, baseURL, tokenProvider });
  const client = new OpenAI({ ...options, dangerouslyAllowBrowser: true });

  const request = { model: "openai.gpt-5.4", input: "Say hello!", stream: true } as const;
  for await (const event of await client.responses.create(request)) {
    if (event.type === "response.output_text.delta") output.append(event.delta);
  }
} catch (error) {
  output.append(String(error));
}
