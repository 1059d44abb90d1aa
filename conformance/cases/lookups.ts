import type { Capability, Context, SubjectOptions } from "../case.ts";

/** What a callback may look up. */
export type Lookup = "token" | "credentials";

/** Both kinds of callback. */
export const LOOKUPS: readonly Lookup[] = ["token", "credentials"];

/** What a subject must offer to be given either callback. */
export const LOOKUP_NEEDS = {
  token: "tokenProvider",
  credentials: "sigv4",
} as const satisfies Record<Lookup, Capability>;

/** Options with a callback for the credential, which acts before it resolves. */
export function lookingUp(
  lookup: Lookup,
  { region, bearerToken, credentials }: Context,
  act: () => unknown,
): SubjectOptions {
  return lookup === "token"
    ? { region, tokenProvider: async () => (await act(), bearerToken) }
    : { region, credentialProvider: async () => (await act(), credentials) };
}
