/** Whom the tables speak of. */
export const OURS = "this module";
export const OURS_WEB_CRYPTO = "this module, Web Crypto alone";
export const OFFICIAL_AWS = "openai/providers/bedrock/aws";
export const OFFICIAL_BEARER = "openai/providers/bedrock";
export const AI_SDK = "@ai-sdk/amazon-bedrock/mantle";
export const AWS4FETCH = "aws4fetch";
export const SMITHY = "@smithy/signature-v4";
/** What all clients are compared with: the same client, which authenticates nothing. */
export const PLAIN = "plain client";
export const PLAIN_AI_SDK = "plain @ai-sdk/openai";
export const PLAIN_FETCH = "plain fetch";

/** Whom every subject signs for, and where: keys of AWS's documentation, and a token as long as AWS's. */
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
