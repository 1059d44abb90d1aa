/**
 * A Cloudflare Worker that streams: `npm install openai`, and `npx wrangler secret put` for
 * AWS_BEARER_TOKEN_BEDROCK, or AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY. AWS_REGION can go into
 * the `vars` of its configuration.
 *
 * A Worker is on the open internet, so set a key for its callers as well, which they send as
 * `Authorization: Bearer …`: `npx wrangler secret put ASK_KEY`, for example with the output of
 * `openssl rand -hex 32`.
 */
import { bedrock } from "@mantle/bedrock";
import OpenAI from "openai";

async function hash(text: string): Promise<string> {
  return `${new Uint8Array(await crypto.subtle.digest("SHA-256", new TextEncoder().encode(text)))}`;
}

/** Compares hashes: the time that comparing keys takes would show how much of a guess is right. */
async function isAllowed({ headers }: Request, { ASK_KEY }: Record<string, string>) {
  const sent = headers.get("authorization") ?? "";
  return !!ASK_KEY && await hash(sent) === await hash(`Bearer ${ASK_KEY}`);
}

export default {
  async fetch(request: Request, env: Record<string, string>): Promise<Response> {
    if (!await isAllowed(request, env)) return new Response("Wrong key\n", { status: 401 });
    const client = new OpenAI(bedrock({ endpoint: "mantle", env }));
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
    // The caller or Bedrock closed the connection
    write().catch((error) => (events.controller.abort(), writer.abort(error)));
    return new Response(readable, { headers: { "content-type": "text/plain; charset=utf-8" } });
  },
};
