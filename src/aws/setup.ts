import type { AwsSetup } from "../bedrock.ts";
import { onFirstNeed } from "../first_need.ts";
import { profileRegion } from "./profile.ts";

/** What the AWS tools have set up on this machine. */
export const AWS: AwsSetup = {
  profileRegion,
  // Loaded on first need, like AWS's package: with a token or keys it never is
  chain(profile, env) {
    const chain = onFirstNeed(async () =>
      (await import("./chain.ts")).credentialChain(profile, env)
    );
    return async (properties) => await (await chain())(properties);
  },
};
