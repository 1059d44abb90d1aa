import { readIdentity } from "../auth/credentials.ts";
import type { CredentialSource } from "./source.ts";

/** The keys in the variables, which AWS's chain skips if a profile is selected. */
export const ENVIRONMENT_KEYS: CredentialSource = {
  name: "environment",
  whyNot({ env, profile: { source, label } }) {
    if (source !== "the default") return `the profile ${label} is selected by ${source}`;
    return env.get("AWS_ACCESS_KEY_ID") && env.get("AWS_SECRET_ACCESS_KEY")
      ? undefined
      : "AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY are not both set";
  },
  async lookUp({ env }) {
    return readIdentity({
      accessKeyId: env.get("AWS_ACCESS_KEY_ID"),
      secretAccessKey: env.get("AWS_SECRET_ACCESS_KEY"),
      sessionToken: env.get("AWS_SESSION_TOKEN"),
      expiration: env.get("AWS_CREDENTIAL_EXPIRATION"),
    }, "the environment");
  },
};
