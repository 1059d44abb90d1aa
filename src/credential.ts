import type { AuthPlan } from "./auth.ts";
import type { FoundIdentity } from "./credentials.ts";

/** What authenticates one attempt. */
export type Credential =
  | { readonly mode: "bearer"; readonly token: string }
  | { readonly mode: "sigv4"; readonly identity: FoundIdentity };

/** Looks up what authenticates; afresh where what is at hand was refused. */
export type ResolveCredential = (
  properties?: { readonly forceRefresh?: boolean },
) => Promise<Credential>;

/** Resolves the credential of a plan, for a region. */
export function credentialOf(plan: AuthPlan, region: string | undefined): ResolveCredential {
  return async (properties) =>
    plan.mode === "bearer"
      ? { mode: "bearer", token: await plan.token(properties) }
      : { mode: "sigv4", identity: await plan.identity({ ...properties, region }) };
}

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
