import type { AwsSetup } from "../bedrock.ts";
import { profileRegion } from "./profile.ts";

/** What the AWS tools have set up on this machine. */
export const AWS: AwsSetup = {
  profileRegion,
  // Loaded on first need, like AWS's package: with a token or keys it never is
  chain(profile, env) {
    const load = async () => (await import("./chain.ts")).credentialChain(profile, env);
    let chain: ReturnType<typeof load> | undefined;
    return async (properties) => await (await (chain ??= load()))(properties);
  },
};
