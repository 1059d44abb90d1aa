import backgroundUnsupported from "./runtime/background_unsupported.json" with { type: "json" };
import batchesListed from "./runtime/batches_listed.json" with { type: "json" };
import callWithBearerTokenDenied from "./runtime/call_with_bearer_token_denied.json" with {
  type: "json",
};
import chainedToUnknown from "./runtime/chained_to_unknown.json" with { type: "json" };
import chat from "./runtime/chat.json" with { type: "json" };
import chatStreamed from "./runtime/chat_streamed.json" with { type: "json" };
import inferenceProfileRequired from "./runtime/inference_profile_required.json" with {
  type: "json",
};
import invalidKey from "./runtime/invalid_key.json" with { type: "json" };
import keyWithoutPrefix from "./runtime/key_without_prefix.json" with { type: "json" };
import mantleModelId from "./runtime/mantle_model_id.json" with { type: "json" };
import missingAuthorization from "./runtime/missing_authorization.json" with { type: "json" };
import modelDeniedByOrganization from "./runtime/model_denied_by_organization.json" with {
  type: "json",
};
import modelWithoutResponses from "./runtime/model_without_responses.json" with { type: "json" };
import responses from "./runtime/responses.json" with { type: "json" };
import responsesStreamed from "./runtime/responses_streamed.json" with { type: "json" };
import toolsWithReasoningUnsupported from "./runtime/tools_with_reasoning_unsupported.json" with {
  type: "json",
};
import unknownOperation from "./runtime/unknown_operation.json" with { type: "json" };
import wrongService from "./runtime/wrong_service.json" with { type: "json" };

/** The cassettes of `runtime/`, by id. */
export const RUNTIME = {
  "runtime/responses": responses,
  "runtime/responses_streamed": responsesStreamed,
  "runtime/chat": chat,
  "runtime/chat_streamed": chatStreamed,
  "runtime/unknown_operation": unknownOperation,
  "runtime/missing_authorization": missingAuthorization,
  "runtime/key_without_prefix": keyWithoutPrefix,
  "runtime/invalid_key": invalidKey,
  "runtime/wrong_service": wrongService,
  "runtime/call_with_bearer_token_denied": callWithBearerTokenDenied,
  "runtime/model_denied_by_organization": modelDeniedByOrganization,
  "runtime/mantle_model_id": mantleModelId,
  "runtime/inference_profile_required": inferenceProfileRequired,
  "runtime/model_without_responses": modelWithoutResponses,
  "runtime/background_unsupported": backgroundUnsupported,
  "runtime/tools_with_reasoning_unsupported": toolsWithReasoningUnsupported,
  "runtime/chained_to_unknown": chainedToUnknown,
  "runtime/batches_listed": batchesListed,
} satisfies Readonly<Record<string, unknown>>;
