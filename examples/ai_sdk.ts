/**
 * Uses the AI SDK: `npm install ai @ai-sdk/openai`.
 *
 * Set AWS_REGION, and AWS_BEARER_TOKEN_BEDROCK or AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY.
 */
import { createOpenAI } from "@ai-sdk/openai";
import { bedrock } from "@mantle/bedrock";
import { generateText, streamText } from "ai";

const { url, fetch } = bedrock({ endpoint: "mantle" });
const openai = createOpenAI({ baseURL: url, apiKey: "replaced by fetch", fetch });
const request = { model: openai("openai.gpt-5.4"), prompt: "Say hello!" };

const { text } = await generateText(request);
console.log("plain:", text);

let streamed = "";
for await (const part of streamText(request).textStream) streamed += part;
console.log("streamed:", streamed);
