/**
 * A Cloudflare Worker that streams: `npm install openai`, and `npx wrangler secret put` for
 * AWS_BEARER_TOKEN_BEDROCK, or AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY. AWS_REGION may stand
 * among the `vars` of its configuration.
 *
 * A Worker is on the open internet: `npx wrangler secret put ASK_KEY` too, with a secret of your own
 * as from `openssl rand -hex 32`, which callers send as `Authorization: Bearer …`.
 */
import { bedrock } from "@mantle/bedrock";
import OpenAI from "openai";

async function hash(text: string): Promise<string> {
  return `${new Uint8Array(await crypto.subtle.digest("SHA-256", new TextEncoder().encode(text)))}`;
}

/** Compares hashes, as the time that comparing keys takes would tell how far a guess is right. */
async function isAllowed({ headers }: Request, { ASK_KEY }: Record<string, string>) {
  const sent = headers.get("authorization") ?? "";
  return !!ASK_KEY && await hash(sent) === await hash(`Bearer ${ASK_KEY}`);
}

export default {
  async fetch(request: Request, env: Record<string, string>): Promise<Response> {
    if (!await isAllowed(request, env)) return new Response("Wrong key\n", { status: 401 });
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
