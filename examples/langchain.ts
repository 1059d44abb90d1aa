/**
 * Uses LangChain: `npm install @langchain/core @langchain/openai`.
 *
 * Set AWS_REGION, and AWS_BEARER_TOKEN_BEDROCK or AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY.
 */
import { ChatOpenAI } from "@langchain/openai";
import { bedrock } from "@mantle/bedrock";

const { url: baseURL, fetch } = bedrock({ endpoint: "mantle" });
const model = new ChatOpenAI({
  model: "openai.gpt-5.4",
  apiKey: "replaced by fetch",
  configuration: { baseURL, fetch },
  useResponsesApi: true,
});

const message = await model.invoke("Say hello!");
console.log("plain:", message.text);

let streamed = "";
for await (const chunk of await model.stream("Say hello!")) streamed += chunk.text;
console.log("streamed:", streamed);
