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
