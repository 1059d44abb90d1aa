import errorInStream from "./chat/error_in_stream.json" with { type: "json" };
import gptOssText from "./chat/gpt_oss_text.json" with { type: "json" };
import gptText from "./chat/gpt_text.json" with { type: "json" };
import streamBrokenOff from "./chat/stream_broken_off.json" with { type: "json" };
import streamedInOddPieces from "./chat/streamed_in_odd_pieces.json" with { type: "json" };
import streamedWithDone from "./chat/streamed_with_done.json" with { type: "json" };
import streamedWithoutDone from "./chat/streamed_without_done.json" with { type: "json" };
import streamedWithoutUsage from "./chat/streamed_without_usage.json" with { type: "json" };
import toolCall from "./chat/tool_call.json" with { type: "json" };
import toolCallStreamed from "./chat/tool_call_streamed.json" with { type: "json" };

/** The cassettes of `chat/`, by id. */
export const CHAT = {
  "chat/gpt_oss_text": gptOssText,
  "chat/gpt_text": gptText,
  "chat/streamed_with_done": streamedWithDone,
  "chat/streamed_without_done": streamedWithoutDone,
  "chat/streamed_without_usage": streamedWithoutUsage,
  "chat/tool_call": toolCall,
  "chat/tool_call_streamed": toolCallStreamed,
  "chat/error_in_stream": errorInStream,
  "chat/streamed_in_odd_pieces": streamedInOddPieces,
  "chat/stream_broken_off": streamBrokenOff,
} satisfies Readonly<Record<string, unknown>>;
