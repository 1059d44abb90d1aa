import { MODEL } from "./subjects.ts";

/** The stub's response to `responses.create`: the least that every client reads. */
const RESPONSE = JSON.stringify({
  id: "resp_1",
  object: "response",
  created_at: 1,
  status: "completed",
  model: MODEL,
  output: [{
    type: "message",
    id: "msg_1",
    role: "assistant",
    status: "completed",
    content: [{ type: "output_text", text: "Hello!", annotations: [] }],
  }],
  usage: {
    input_tokens: 1,
    input_tokens_details: { cached_tokens: 0 },
    output_tokens: 1,
    output_tokens_details: { reasoning_tokens: 0 },
    total_tokens: 2,
  },
});

/** Responds at once, without a network. */
export const stubFetch: typeof globalThis.fetch = async () =>
  new Response(RESPONSE, { headers: { "content-type": "application/json" } });
