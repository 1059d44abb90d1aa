import type { Context } from "./case.ts";

/** What every context holds, whatever answers. */
export type Settings = Omit<Context, "fetch" | "sent">;

/** AWS's root, and credentials that are plainly examples. */
export const SETTINGS: Settings = {
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
