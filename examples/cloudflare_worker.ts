/**
 * A Cloudflare Worker that streams: `npm install openai`, and `npx wrangler secret put` for
 * AWS_BEARER_TOKEN_BEDROCK, or AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY. AWS_REGION may stand
 * among the `vars` of its configuration.
 */
import { bedrock } from "@mantle/bedrock";
import OpenAI from "openai";

export default {
  async fetch(request: Request, env: Record<string, string>): Promise<Response> {
    const client = new OpenAI({ provider: bedrock({ endpoint: "mantle", env }) });
    const events = await client.responses.create({
      model: "openai.gpt-5.4",
      input: await request.text(),
      stream: true,
    });
    const { readable, writable } = new TransformStream<Uint8Array, Uint8Array>();
    const writer = writable.getWriter();
    const write = async () => {
      for await (const event of events) {
        if (event.type !== "response.output_text.delta") continue;
        await writer.write(new TextEncoder().encode(event.delta));
      }
      await writer.close();
    };
    // The caller left, or Bedrock did
    write().catch((error) => (events.controller.abort(), writer.abort(error)));
    return new Response(readable, { headers: { "content-type": "text/plain; charset=utf-8" } });
  },
};
