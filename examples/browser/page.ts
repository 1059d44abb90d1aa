/// <reference lib="dom" />
/** The page's script: asks its own server for a key, and then Bedrock for an answer. */
import { bedrock } from "@mantle/bedrock";
import OpenAI from "openai";
import type { PageKey } from "./key.ts";

async function key(): Promise<PageKey> {
  const answer = await fetch("key", { method: "POST" });
  if (!answer.ok) throw new Error(await answer.text());
  return await answer.json();
}

const output = document.querySelector("#answer")!;
try {
  const { region, baseURL } = await key();
  const provider = bedrock({ region, baseURL, tokenProvider: async () => (await key()).apiKey });
  const client = new OpenAI({ provider, dangerouslyAllowBrowser: true });

  const request = { model: "openai.gpt-5.4", input: "Say hello!", stream: true } as const;
  for await (const event of await client.responses.create(request)) {
    if (event.type === "response.output_text.delta") output.append(event.delta);
  }
} catch (error) {
  output.append(String(error));
}
