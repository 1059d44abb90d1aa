import type { PathPrefix, Route } from "../options.ts";

/** The date on which {@link MODEL_ROUTES} was last compared with what Mantle serves. */
export const MODEL_ROUTES_AS_OF = "2026-08-20";

/**
 * The prefix of Mantle that serves each family of models; the first match counts.
 *
 * No API reports it: the list of models has no such field.
 *
 * @see https://docs.aws.amazon.com/bedrock/latest/userguide/bedrock-mantle.html for the rule, and
 * the committed outputs of https://github.com/aws-samples/sample-per-model-bedrock for the families
 */
export const MODEL_ROUTES: readonly Route[] = [
  ["openai.gpt-oss*", "/v1"],
  ["openai.*", "/openai/v1"],
  ["google.gemma-3-*", "/v1"],
  ["google.*", "/openai/v1"],
  ["xai.*", "/openai/v1"],
  ["deepseek.*", "/v1"],
  ["minimax.*", "/v1"],
  ["mistral.*", "/v1"],
  ["moonshotai.*", "/v1"],
  ["nvidia.*", "/v1"],
  ["qwen.*", "/v1"],
  ["writer.*", "/v1"],
  ["zai.*", "/v1"],
];

/** The prefix of requests without a model, and of models that match no pattern. */
export const DEFAULT_PREFIX: PathPrefix = "/openai/v1";

/** The prefix of the control plane. */
export const CONTROL_PREFIX: PathPrefix = "/v1";

/** The first segments of paths that {@link CONTROL_PREFIX} serves, whatever the model. */
export const CONTROL_PATHS: readonly string[] = ["models", "files", "fine_tuning", "organization"];

/** The date on which {@link SERVED_REGIONS} was last compared with AWS's page. */
export const SERVED_REGIONS_AS_OF = "2026-09-26";

/**
 * The regions that serve Mantle. The list grows, so it is only used for advice, never to refuse.
 *
 * @see https://docs.aws.amazon.com/bedrock/latest/userguide/endpoints-region-availability.html
 */
export const SERVED_REGIONS: readonly string[] = [
  "us-east-1",
  "us-east-2",
  "us-west-2",
  "us-gov-west-1",
  "sa-east-1",
  "eu-central-1",
  "eu-north-1",
  "eu-south-1",
  "eu-west-1",
  "eu-west-2",
  "ap-northeast-1",
  "ap-south-1",
  "ap-southeast-2",
  "ap-southeast-3",
];
