import anthropicRouteDenied from "./errors/anthropic_route_denied.json" with { type: "json" };
import bermNotEnabled from "./errors/berm_not_enabled.json" with { type: "json" };
import callWithBearerTokenDenied from "./errors/call_with_bearer_token_denied.json" with {
  type: "json",
};
import createInferenceDenied from "./errors/create_inference_denied.json" with { type: "json" };
import expiredSessionToken from "./errors/expired_session_token.json" with { type: "json" };
import gptOnV1 from "./errors/gpt_on_v1.json" with { type: "json" };
import gptOssOnOpenaiV1 from "./errors/gpt_oss_on_openai_v1.json" with { type: "json" };
import internalServerError from "./errors/internal_server_error.json" with { type: "json" };
import internalServerErrorAs400 from "./errors/internal_server_error_as_400.json" with {
  type: "json",
};
import invalidAccessKey from "./errors/invalid_access_key.json" with { type: "json" };
import invalidBearerToken from "./errors/invalid_bearer_token.json" with { type: "json" };
import invalidImage from "./errors/invalid_image.json" with { type: "json" };
import invalidInput from "./errors/invalid_input.json" with { type: "json" };
import listModelsDenied from "./errors/list_models_denied.json" with { type: "json" };
import malformedBody from "./errors/malformed_body.json" with { type: "json" };
import maxOutputTokensTooSmall from "./errors/max_output_tokens_too_small.json" with {
  type: "json",
};
import maxTokensUnsupported from "./errors/max_tokens_unsupported.json" with { type: "json" };
import missingAuthentication from "./errors/missing_authentication.json" with { type: "json" };
import modelMissing from "./errors/model_missing.json" with { type: "json" };
import modelNotAvailable from "./errors/model_not_available.json" with { type: "json" };
import modelWithoutResponses from "./errors/model_without_responses.json" with { type: "json" };
import redirectedElsewhere from "./errors/redirected_elsewhere.json" with { type: "json" };
import serverErrorThenSuccess from "./errors/server_error_then_success.json" with {
  type: "json",
};
import serviceTierInvalid from "./errors/service_tier_invalid.json" with { type: "json" };
import signatureExpired from "./errors/signature_expired.json" with { type: "json" };
import throttled from "./errors/throttled.json" with { type: "json" };
import throttledThenSuccess from "./errors/throttled_then_success.json" with { type: "json" };
import unknownModel from "./errors/unknown_model.json" with { type: "json" };
import unknownRoutes from "./errors/unknown_routes.json" with { type: "json" };
import wrongService from "./errors/wrong_service.json" with { type: "json" };
import wrongSignature from "./errors/wrong_signature.json" with { type: "json" };

/** The cassettes of `errors/`, by id. */
export const ERRORS = {
  "errors/invalid_bearer_token": invalidBearerToken,
  "errors/invalid_access_key": invalidAccessKey,
  "errors/expired_session_token": expiredSessionToken,
  "errors/signature_expired": signatureExpired,
  "errors/wrong_service": wrongService,
  "errors/wrong_signature": wrongSignature,
  "errors/missing_authentication": missingAuthentication,
  "errors/model_not_available": modelNotAvailable,
  "errors/create_inference_denied": createInferenceDenied,
  "errors/list_models_denied": listModelsDenied,
  "errors/call_with_bearer_token_denied": callWithBearerTokenDenied,
  "errors/anthropic_route_denied": anthropicRouteDenied,
  "errors/gpt_on_v1": gptOnV1,
  "errors/gpt_oss_on_openai_v1": gptOssOnOpenaiV1,
  "errors/model_without_responses": modelWithoutResponses,
  "errors/berm_not_enabled": bermNotEnabled,
  "errors/unknown_model": unknownModel,
  "errors/unknown_routes": unknownRoutes,
  "errors/max_output_tokens_too_small": maxOutputTokensTooSmall,
  "errors/max_tokens_unsupported": maxTokensUnsupported,
  "errors/service_tier_invalid": serviceTierInvalid,
  "errors/model_missing": modelMissing,
  "errors/malformed_body": malformedBody,
  "errors/invalid_input": invalidInput,
  "errors/invalid_image": invalidImage,
  "errors/internal_server_error": internalServerError,
  "errors/internal_server_error_as_400": internalServerErrorAs400,
  "errors/server_error_then_success": serverErrorThenSuccess,
  "errors/throttled": throttled,
  "errors/throttled_then_success": throttledThenSuccess,
  "errors/redirected_elsewhere": redirectedElsewhere,
} satisfies Readonly<Record<string, unknown>>;
