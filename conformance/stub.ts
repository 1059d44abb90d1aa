const USAGE = { input_tokens: 1, output_tokens: 0, total_tokens: 1 };
const CHAT_USAGE = { prompt_tokens: 1, completion_tokens: 0, total_tokens: 1 };

/** An answer that is valid and says nothing, for cases that are about the request alone. */
export function emptyAnswer(url: string): Response {
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
  usage: USAGE,
};

const EMPTY_CHAT = {
  id: "chatcmpl-0",
  object: "chat.completion",
  created: 0,
  model: "openai.gpt-5.4",
  choices: [{ index: 0, message: { role: "assistant", content: "" }, finish_reason: "stop" }],
  usage: CHAT_USAGE,
};
