/** Sources that several cases share. */
export const BEDROCK_GUIDE = "openai/openai-node@7b7d6ca7 docs/bedrock.md";
export const BEDROCK_SOURCE = "openai/openai-node@7b7d6ca7 src/internal/bedrock.ts";
export const BIFROST_5871 = "https://github.com/maximhq/bifrost/issues/5871";
export const BIFROST_7065 = "https://github.com/maximhq/bifrost/issues/7065";
export const CODEX_23650 = "https://github.com/openai/codex/issues/23650";
export const CODEX_28992 = "https://github.com/openai/codex/pull/28992";
export const CODEX_37246 = "https://github.com/openai/codex/issues/37246";
export const ENDPOINTS = "https://docs.aws.amazon.com/bedrock/latest/userguide/endpoints.html";
export const EXPIRED_TOKEN =
  "https://docs.aws.amazon.com/STS/latest/APIReference/CommonErrors.html";
export const FETCH_NETWORK = "https://fetch.spec.whatwg.org/#http-network-fetch";
export const GPTEL_1397 = "https://github.com/karthink/gptel/issues/1397";
export const KEYS = "https://docs.aws.amazon.com/bedrock/latest/userguide/api-keys.html";
export const LITELLM_31476 = "https://github.com/BerriAI/litellm/pull/31476";
export const LITELLM_33094 = "https://github.com/BerriAI/litellm/issues/33094";
export const MANTLE_GUIDE =
  "https://docs.aws.amazon.com/bedrock/latest/userguide/bedrock-mantle.html";
export const NODE_2342 = "https://github.com/openai/openai-node/issues/2342";
export const NODE_2377 = "https://github.com/openai/openai-node/issues/2377";
export const NODE_2410 = "https://github.com/openai/openai-node/pull/2410";
export const NODE_2478 = "https://github.com/openai/openai-node/issues/2478";
export const NODE_2610 = "https://github.com/openai/openai-node/issues/2610";
export const NOTEBOOKS = "aws-samples/sample-per-model-bedrock@2ef21bde committed notebook outputs";
export const PYTHON_CASES =
  "openai/openai-python@e43b4224 tests/fixtures/bedrock_auth/v1/cases.json";
export const QUOTAS = "https://docs.aws.amazon.com/bedrock/latest/userguide/quotas-mantle.html";
export const RECORDINGS =
  "pydantic/pydantic-ai@4fda3898 tests/models/cassettes/test_bedrock_mantle";
export const SIGNING =
  "https://docs.aws.amazon.com/IAM/latest/UserGuide/create-signed-request.html";
export const TOKEN_GENERATOR =
  "aws/aws-bedrock-token-generator-js package @aws/bedrock-token-generator@1.1.0 dist/token.js";
