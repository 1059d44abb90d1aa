import background from "./responses/background.json" with { type: "json" };
import cancelCompleted from "./responses/cancel_completed.json" with { type: "json" };
import chained from "./responses/chained.json" with { type: "json" };
import chainedToUnknown from "./responses/chained_to_unknown.json" with { type: "json" };
import chainedToUnknownV1 from "./responses/chained_to_unknown_v1.json" with { type: "json" };
import completedSnapshotWithoutOutput from "./responses/completed_snapshot_without_output.json" with {
  type: "json",
};
import emptyOutput from "./responses/empty_output.json" with { type: "json" };
import emptyOutputStreamed from "./responses/empty_output_streamed.json" with { type: "json" };
import failedStreamed from "./responses/failed_streamed.json" with { type: "json" };
import failedWith200 from "./responses/failed_with_200.json" with { type: "json" };
import functionCalls from "./responses/function_calls.json" with { type: "json" };
import functionCallsStreamed from "./responses/function_calls_streamed.json" with { type: "json" };
import gptOssReasoning from "./responses/gpt_oss_reasoning.json" with { type: "json" };
import gptOssReasoningStreamed from "./responses/gpt_oss_reasoning_streamed.json" with {
  type: "json",
};
import gptReasoning from "./responses/gpt_reasoning.json" with { type: "json" };
import gptReasoningStreamed from "./responses/gpt_reasoning_streamed.json" with { type: "json" };
import gptText from "./responses/gpt_text.json" with { type: "json" };
import gptTextStreamed from "./responses/gpt_text_streamed.json" with { type: "json" };
import inAProject from "./responses/in_a_project.json" with { type: "json" };
import incomplete from "./responses/incomplete.json" with { type: "json" };
import inputItemsMissing from "./responses/input_items_missing.json" with { type: "json" };
import jsonSchema from "./responses/json_schema.json" with { type: "json" };
import storedRetrievedDeleted from "./responses/stored_retrieved_deleted.json" with {
  type: "json",
};
import streamBrokenOff from "./responses/stream_broken_off.json" with { type: "json" };
import streamEndsEarly from "./responses/stream_ends_early.json" with { type: "json" };
import unstored from "./responses/unstored.json" with { type: "json" };

/** The cassettes of `responses/`, by id. */
export const RESPONSES = {
  "responses/gpt_text": gptText,
  "responses/gpt_text_streamed": gptTextStreamed,
  "responses/gpt_reasoning": gptReasoning,
  "responses/gpt_reasoning_streamed": gptReasoningStreamed,
  "responses/gpt_oss_reasoning": gptOssReasoning,
  "responses/gpt_oss_reasoning_streamed": gptOssReasoningStreamed,
  "responses/function_calls": functionCalls,
  "responses/function_calls_streamed": functionCallsStreamed,
  "responses/json_schema": jsonSchema,
  "responses/failed_with_200": failedWith200,
  "responses/failed_streamed": failedStreamed,
  "responses/incomplete": incomplete,
  "responses/empty_output": emptyOutput,
  "responses/empty_output_streamed": emptyOutputStreamed,
  "responses/completed_snapshot_without_output": completedSnapshotWithoutOutput,
  "responses/stream_broken_off": streamBrokenOff,
  "responses/stream_ends_early": streamEndsEarly,
  "responses/stored_retrieved_deleted": storedRetrievedDeleted,
  "responses/chained": chained,
  "responses/chained_to_unknown": chainedToUnknown,
  "responses/chained_to_unknown_v1": chainedToUnknownV1,
  "responses/unstored": unstored,
  "responses/cancel_completed": cancelCompleted,
  "responses/background": background,
  "responses/input_items_missing": inputItemsMissing,
  "responses/in_a_project": inAProject,
} satisfies Readonly<Record<string, unknown>>;
