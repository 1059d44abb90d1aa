/**
 * Uses OpenAI Agents: `npm install @openai/agents openai zod`.
 *
 * Set AWS_REGION, and AWS_BEARER_TOKEN_BEDROCK or AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY.
 */
import { bedrock } from "@mantle/bedrock";
import { Agent, run, setDefaultOpenAIClient, setTracingDisabled } from "@openai/agents";
import OpenAI from "openai";

setDefaultOpenAIClient(new OpenAI(bedrock({ endpoint: "mantle" })));
// Traces are sent to OpenAI otherwise
setTracingDisabled(true);
const agent = new Agent({ name: "Greeter", model: "openai.gpt-5.4" });

const { finalOutput } = await run(agent, "Say hello!");
console.log("plain:", finalOutput);

const result = await run(agent, "Say hello!", { stream: true });
let streamed = "";
for await (const part of result.toTextStream()) streamed += part;
console.log("streamed:", streamed);
