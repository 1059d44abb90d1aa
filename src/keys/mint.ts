import { isRefresh } from "../callback.ts";
import { EARLY_MS, reuseUntilExpiry } from "../credential_reuse.ts";
import type { AwsCredentialIdentity, IdentityProperties, ResolveIdentity } from "../credentials.ts";
import { withinLimits } from "../limits.ts";
import type { World } from "../world.ts";
import { mintShortTermKey, type ShortTermKey } from "./short_term.ts";

/** Whose keys are minted, for where and how long. */
export interface MintPlan {
  readonly identity: ResolveIdentity;
  readonly region: string;
  readonly expiresInSeconds: number;
}

/** The two ways to come by a key of the same plan. */
export interface Mint {
  /** A new key. */
  readonly mint: () => Promise<ShortTermKey>;
  /** The last key, while it has some time left and the credentials are the same. */
  readonly reuse: (properties?: IdentityProperties) => Promise<ShortTermKey>;
}

/** Mints keys from the credentials that a lookup finds. */
export function createMint(
  { identity: lookUp, region, expiresInSeconds }: MintPlan,
  world: World,
): Mint {
  const mint = async (identity: AwsCredentialIdentity) =>
    await mintShortTermKey(identity, region, {
      expiresInSeconds,
      now: world.now(),
      digest: await world.digest(),
    });

  let last: { readonly identity: AwsCredentialIdentity; readonly minted: ShortTermKey } | undefined;
  const current = async (properties?: IdentityProperties): Promise<ShortTermKey> => {
    const identity = await lookUp({ ...properties, region });
    const due = last?.identity !== identity || isRefresh(properties) ||
      world.now() >= last.minted.expiration.getTime() - EARLY_MS;
    if (due) last = { identity, minted: await mint(identity) };
    return last!.minted;
  };
  return {
    mint: async () =>
      await mint(await withinLimits(() => lookUp({ region }), [], world.lookupLimitMs)),
    // Credentials are asked for every time, as they may have changed
    reuse: reuseUntilExpiry(current, world, Infinity),
  };
}
