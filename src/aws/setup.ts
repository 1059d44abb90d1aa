import type { AwsSetup } from "../bedrock.ts";
import { credentialChain } from "./chain.ts";
import { profileRegion } from "./profile.ts";

/** What the AWS tools have set up on this machine. */
export const AWS: AwsSetup = { chain: credentialChain, profileRegion };
