/** The names of the subjects in the tables. */
export const OURS = "this module";
export const OURS_WEB_CRYPTO = "this module, Web Crypto alone";
export const OFFICIAL_AWS = "openai/providers/bedrock/aws";
export const OFFICIAL_BEARER = "openai/providers/bedrock";
export const AI_SDK = "@ai-sdk/amazon-bedrock/mantle";
export const AWS4FETCH = "aws4fetch";
export const SMITHY = "@smithy/signature-v4";
/** The baseline of every client: the same client without authentication. */
export const PLAIN = "plain client";
export const PLAIN_AI_SDK = "plain @ai-sdk/openai";
export const PLAIN_FETCH = "plain fetch";

/** The target and the credentials of every subject, with a session token as long as AWS's. */
export const REGION = "us-west-2";
export const ORIGIN = `https://bedrock-mantle.${REGION}.api.aws`;
export const IDENTITY = {
  accessKeyId: "AKIDEXAMPLE",
  secretAccessKey: "wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY",
  sessionToken: `IQoJb3JpZ2luX2VjE${"SessionTokenOfTheUsualLength//".repeat(28)}==`,
};
export const TOKEN = "example-bearer-token";
export const MODEL = "openai.gpt-5.4";
/** One that Mantle serves under `/v1`. */
export const MODEL_BELOW_V1 = "openai.gpt-oss-20b";
