import { planSigning } from "../auth.ts";
import type { AwsKeyOptions, OneSigningWay, ProfileOptions } from "../auth_options.ts";
import type { AwsSetup } from "../bedrock.ts";
import type { CallbackProperties } from "../callback.ts";
import type { RuntimeOptions } from "../runtime_options.ts";
import type { EndpointOptions } from "../endpoint.ts";
import { environment } from "../environment.ts";
import { BedrockError } from "../errors.ts";
import { onFirstNeed } from "../first_need.ts";
import { takenOptions } from "../options.ts";
import { regionMissing, resolveRegion } from "../region.ts";
import { REAL_WORLD, type World } from "../world.ts";
import { LONGEST_SECONDS } from "./key_form.ts";
import type { ShortTermKey } from "./short_term.ts";

/** For where and how long short-term keys are minted. */
export interface MintingOptions
  extends Pick<EndpointOptions, "region">, Pick<RuntimeOptions, "env"> {
  /**
   * How long a key is to be good for, from 1 to 43200 seconds. It never outlives the credentials
   * that it is minted from.
   *
   * @default {43200}
   */
  expiresInSeconds?: number | undefined;
}

/** How to mint short-term keys; the names and the variables are those of `bedrock()`. */
export type MintOptions = MintingOptions & OneSigningWay;

/** The two ways to mint with the same options. */
export interface Minting {
  readonly mintKey: () => Promise<ShortTermKey>;
  readonly token: (properties?: CallbackProperties) => Promise<string>;
}

/** All that may be set. */
type Options = MintingOptions & AwsKeyOptions & ProfileOptions;

const NAMES: Readonly<Record<keyof Options, true>> = {
  region: true,
  accessKeyId: true,
  secretAccessKey: true,
  sessionToken: true,
  credentialProvider: true,
  profile: true,
  env: true,
  expiresInSeconds: true,
};

/** Decides once, synchronously, whose keys are minted for where. */
export function planMinting(
  given: Options,
  aws?: AwsSetup,
  world: World = REAL_WORLD,
): Minting {
  const options = takenOptions(given, NAMES, "Minting");
  const expiresInSeconds = validLife(options.expiresInSeconds);
  const env = environment(options.env);
  const { identity } = planSigning(options, env, aws?.chain);
  const profileRegion = aws && (() => aws.profileRegion(options.profile?.trim(), env));
  const region = resolveRegion(options, env, { hostRegion: undefined, profileRegion })?.value;
  if (region === undefined) throw regionMissing(env, profileRegion !== undefined);

  const mint = onFirstNeed(async () =>
    (await import("./mint.ts")).createMint({ identity, region, expiresInSeconds }, world)
  );
  return {
    mintKey: async () => await (await mint()).mint(),
    token: async (properties) => (await (await mint()).reuse(properties)).key,
  };
}

function validLife(seconds: number | undefined): number {
  if (seconds === undefined) return LONGEST_SECONDS;
  if (Number.isInteger(seconds) && seconds >= 1 && seconds <= LONGEST_SECONDS) return seconds;
  throw new BedrockError(
    "option_invalid",
    `\`expiresInSeconds\` is not a whole number from 1 to ${LONGEST_SECONDS}. ` +
      "Pass one, or leave it out for 12 hours",
  );
}
