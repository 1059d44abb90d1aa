/**
 * Uses the replacement for the SDK's own `BedrockOpenAI`: `npm install openai` (6.45 or later), and
 * `@aws-sdk/credential-provider-node` for credentials from a profile or a role.
 *
 * Set AWS_REGION, and AWS_BEARER_TOKEN_BEDROCK or AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY.
 */
import { BedrockOpenAI } from "@mantle/bedrock/openai";
import { toFile } from "openai";

const client = new BedrockOpenAI({ endpoint: "mantle" });
const request = { model: "openai.gpt-5.4", input: "Say hello!" };

const response = await client.responses.create(request);
console.log("plain:", response.output_text);

let text = "";
for await (const event of await client.responses.create({ ...request, stream: true })) {
  if (event.type === "response.output_text.delta") text += event.delta;
}
console.log("streamed:", text);

// Needed only with a base URL of your own: Mantle serves files and models under /v1
const other = client.withOptions({ baseURL: client.baseURL.replace("/openai/v1", "/v1") });
const file = await other.files.create({
  file: await toFile(new TextEncoder().encode('{"text":"hello"}\n'), "hello.jsonl"),
  purpose: "batch",
});
console.log("uploaded:", file.filename, file.bytes);
