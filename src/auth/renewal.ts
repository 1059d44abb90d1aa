import type { CallbackProperties } from "../options.ts";
import { withDeadline } from "../platform/deadline.ts";
import type { Platform } from "../platform/platform.ts";
import type { Scheme } from "./scheme.ts";

/** How long a renewed credential serves others that had the same one refused. */
const SHARED_MS = 5_000;

/**
 * Creates what renews a refused credential, once for all who had it refused at about the same time; it
 * resolves to `undefined` if there is no other.
 */
export function createRenewal<Credential>(
  { lookUp, same }: Pick<Scheme<Credential, unknown>, "lookUp" | "same">,
  { now, lookupLimitMs }: Platform,
): (refused: Credential) => Promise<Credential | undefined> {
  const forced: CallbackProperties = { forceRefresh: true };
  let latest: { refused: Credential; renewed: Promise<Credential>; until: number } | undefined;
  return async (refused) => {
    if (!latest || now() >= latest.until || !same(latest.refused, refused)) {
      // Without a limit of its own, one refresh that hangs would hold up every later one
      const renewed = withDeadline(() => lookUp(forced), [], lookupLimitMs, true);
      const shared = { refused, renewed, until: Infinity };
      latest = shared;
      renewed.then((credential) => {
        shared.until = same(credential, refused) ? 0 : now() + SHARED_MS;
      }, () => shared.until = 0);
    }
    const credential = await latest.renewed;
    return same(credential, refused) ? undefined : credential;
  };
}
