/** Creates a valid response without content, for cases that look only at the request. */
export function emptyResponse(url: string): Response {
  return Response.json(url.includes("/chat/completions") ? EMPTY_CHAT : EMPTY_RESPONSE);
}

const EMPTY_RESPONSE = {
  id: "resp_0",
  object: "response",
  created_at: 0,
  model: "openai.gpt-5.4",
  status: "completed",
  error: null,
  incomplete_details: null,
  output: [],
  usage: { input_tokens: 1, output_tokens: 0, total_tokens: 1 },
};

const EMPTY_CHAT = {
  id: "chatcmpl-0",
  object: "chat.completion",
  created: 0,
  model: "openai.gpt-5.4",
  choices: [{ index: 0, message: { role: "assistant", content: "" }, finish_reason: "stop" }],
  usage: { prompt_tokens: 1, completion_tokens: 0, total_tokens: 1 },
};
