/**
 * Uses plain `fetch`, and whatever credentials `bedrock()` finds: a token, keys, or those of the AWS
 * chain. SSO and roles need `npm install @aws-sdk/credential-provider-node`.
 *
 * Set AWS_REGION, and AWS_PROFILE to use a profile.
 */
import { bedrock } from "@mantle/bedrock/aws";

const { url, fetch } = bedrock({ endpoint: "mantle" });

function ask(request: Record<string, unknown>): Promise<Response> {
  return fetch(`${url}/responses`, {
    method: "POST",
    headers: { "content-type": "application/json" },
    body: JSON.stringify({ model: "openai.gpt-5.4", input: "Say hello!", ...request }),
  });
}

const { output } = await (await ask({})).json();
console.log("plain:", output[0].content[0].text);

const { body } = await ask({ stream: true });
let text = "";
let rest = "";
for await (const chunk of body?.pipeThrough(new TextDecoderStream()) ?? []) {
  const lines = (rest + chunk).split("\n");
  rest = lines.pop() ?? "";
  for (const line of lines) {
    if (!line.startsWith("data: {")) continue;
    const event = JSON.parse(line.slice("data: ".length));
    if (event.type === "response.output_text.delta") text += event.delta;
  }
}
console.log("streamed:", text);
