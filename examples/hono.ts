/**
 * Serves an endpoint that streams, with Hono: `npm install hono @hono/node-server openai`.
 *
 * Set AWS_REGION, and AWS_BEARER_TOKEN_BEDROCK or AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY. Set
 * ASK_KEY to a secret of your own, for example from `openssl rand -hex 32`: whoever has it can spend
 * your money. Then run
 * `curl -N 127.0.0.1:8787/ask -H "Authorization: Bearer $ASK_KEY" -d 'Say hello!'`.
 */
import process from "node:process";
import { serve } from "@hono/node-server";
import { bedrock } from "@mantle/bedrock";
import { Hono } from "hono";
import { bearerAuth } from "hono/bearer-auth";
import { streamText } from "hono/streaming";
import OpenAI from "openai";

const { ASK_KEY, PORT = "8787" } = process.env;
if (!ASK_KEY) {
  throw new Error("Set ASK_KEY: without a key, anyone could spend with your credentials");
}

const client = new OpenAI(bedrock({ endpoint: "mantle" }));
const app = new Hono();
app.use(bearerAuth({ token: ASK_KEY }));

app.post("/ask", async (context) => {
  const input = await context.req.text();
  const request = { model: "openai.gpt-5.4", input, stream: true } as const;
  const events = await client.responses.create(request);
  return streamText(context, async (response) => {
    // Aborts the request to Bedrock if the caller disconnects
    response.onAbort(() => events.controller.abort());
    for await (const event of events) {
      if (event.type === "response.output_text.delta") await response.write(event.delta);
    }
  });
});

serve({ fetch: app.fetch, hostname: "127.0.0.1", port: Number(PORT) }, ({ port }) => {
  console.log(`Listening on http://127.0.0.1:${port}`);
});
