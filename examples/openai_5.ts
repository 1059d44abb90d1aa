/**
 * Uses version 5 of the OpenAI client: `npm install openai@5`.
 *
 * Set AWS_REGION, and AWS_BEARER_TOKEN_BEDROCK or AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY.
 */
import { bedrock } from "@mantle/bedrock";
// "openai" in your project
import OpenAI, { toFile } from "openai-5.23.2";

const { url, fetch } = bedrock({ endpoint: "mantle" });
const apiKey = "replaced by fetch";
const client = new OpenAI({ baseURL: url, apiKey, fetch });
const request = { model: "openai.gpt-5.4", input: "Say hello!" };

const response = await client.responses.create(request);
console.log("plain:", response.output_text);

let text = "";
for await (const event of await client.responses.create({ ...request, stream: true })) {
  if (event.type === "response.output_text.delta") text += event.delta;
}
console.log("streamed:", text);

// Needed only with a base URL of your own: Mantle serves files and models under /v1
const other = new OpenAI({ baseURL: url.replace("/openai/v1", "/v1"), apiKey, fetch });
const file = await other.files.create({
  file: await toFile(new TextEncoder().encode('{"text":"hello"}\n'), "hello.jsonl"),
  purpose: "batch",
});
console.log("uploaded:", file.filename, file.bytes);
