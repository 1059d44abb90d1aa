import { type AwsSetup, planSigning } from "../auth/plan.ts";
import { regionMissing, resolveRegion } from "../endpoint/region.ts";
import {
  type AwsKeyOptions,
  type CallbackProperties,
  MAX_KEY_SECONDS,
  type MintingOptions,
  OPTION_NAMES,
  type ProfileOptions,
  validateOptions,
} from "../options.ts";
import { readEnvironment } from "../platform/environment.ts";
import { lazy } from "../platform/lazy.ts";
import { PLATFORM, type Platform } from "../platform/platform.ts";
import { readOptions } from "../platform/read_options.ts";
import type { ShortTermKey } from "./short_term.ts";

/** The two ways to mint with the same options. */
export interface Minting {
  readonly mintKey: () => Promise<ShortTermKey>;
  readonly token: (properties?: CallbackProperties) => Promise<string>;
}

/** Decides once, synchronously, on the AWS credentials and region for minting. */
export function planMinting(
  given: MintingOptions & AwsKeyOptions & ProfileOptions,
  aws?: AwsSetup,
  platform: Platform = PLATFORM,
): Minting {
  const options = readOptions(given, OPTION_NAMES, "Minting", '{ region: "us-west-2" }');
  validateOptions(options);
  const { expiresInSeconds = MAX_KEY_SECONDS } = options;
  const env = readEnvironment(options.env);
  const { identity, renewal } = planSigning(options, env, aws?.chain);
  const profileRegion = aws && (() => aws.profileRegion(options.profile?.trim(), env));
  const region = resolveRegion(options.region, env, { hostRegion: undefined, profileRegion })
    ?.value;
  if (region === undefined) throw regionMissing(env, aws?.regionAdvice);

  const minter = lazy(async () => {
    const { createMinter } = await import("./short_term.ts");
    return createMinter({ identity, renewal, region, expiresInSeconds }, platform);
  });
  return {
    mintKey: async () => await (await minter()).mint(),
    token: async (properties) => (await (await minter()).reuse(properties)).key,
  };
}
