import type { AwsSetup } from "../auth/plan.ts";
import { lazy } from "../platform/lazy.ts";
import { profileRegion } from "./files.ts";

/** The set-up of the AWS tools on this machine. */
export const AWS: AwsSetup = {
  profileRegion,
  regionAdvice: ", or give the AWS profile a region. On EC2, " +
    "169.254.169.254/latest/meta-data/placement/region names it",
  // Loaded on first use, like AWS's package: with a token or keys it never is
  chain(profile, env) {
    const chain = lazy(async () => (await import("./chain.ts")).credentialChain(profile, env));
    return async (properties) => await (await chain())(properties);
  },
};
