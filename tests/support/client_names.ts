/** The options of `bedrock()` that go by another name in `BedrockOpenAI`. */
export const CLIENT_NAMES: Readonly<Record<string, string>> = {
  region: "awsRegion",
  tokenProvider: "bedrockTokenProvider",
  profile: "awsProfile",
  accessKeyId: "awsAccessKeyId",
  secretAccessKey: "awsSecretAccessKey",
  sessionToken: "awsSessionToken",
  credentialProvider: "awsCredentialsProvider",
};
