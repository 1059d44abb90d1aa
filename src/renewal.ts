import type { Credential, ResolveCredential } from "./credential.ts";

/** Whether two credentials would be refused alike. */
export function sameCredential(one: Credential, other: Credential): boolean {
  if (one.mode === "bearer" || other.mode === "bearer") {
    return one.mode === "bearer" && other.mode === "bearer" && one.token === other.token;
  }
  const [a, b] = [one.identity, other.identity];
  return a.accessKeyId === b.accessKeyId && a.secretAccessKey === b.secretAccessKey &&
    a.sessionToken === b.sessionToken;
}

/** How long what replaced a credential serves others that had the same. */
const SHARED_MS = 5_000;

/**
 * Replaces a credential that was refused, once for all who have it at about the same time;
 * `undefined` where there is no other.
 */
export function renewal(
  resolve: ResolveCredential,
  now: () => number,
): (refused: Credential) => Promise<Credential | undefined> {
  let latest: { refused: Credential; renewed: Promise<Credential>; until: number } | undefined;
  return async (refused) => {
    if (!latest || now() >= latest.until || !sameCredential(latest.refused, refused)) {
      const renewed = resolve({ forceRefresh: true });
      const shared = { refused, renewed, until: Infinity };
      latest = shared;
      renewed.then((credential) => {
        shared.until = sameCredential(credential, refused) ? 0 : now() + SHARED_MS;
      }, () => shared.until = 0);
    }
    const credential = await latest.renewed;
    return sameCredential(credential, refused) ? undefined : credential;
  };
}
