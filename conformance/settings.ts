import type { Context } from "./case.ts";

/** AWS's root, and credentials that are plainly examples: the same in every context. */
export const SETTINGS: Omit<Context, "fetch" | "sent"> = {
  baseURL: "https://bedrock-mantle.us-west-2.api.aws/openai/v1",
  region: "us-west-2",
  bearerToken: "example-bearer-token",
  credentials: {
    accessKeyId: "AKIDEXAMPLE",
    secretAccessKey: "wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY",
  },
  sessionCredentials: {
    accessKeyId: "ASIAEXAMPLE",
    secretAccessKey: "session/SECRET+key",
    sessionToken: "session-token//+==",
  },
};
