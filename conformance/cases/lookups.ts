import type { Capability, Context, SubjectOptions } from "../case.ts";

/** The kind of a callback. */
export type Lookup = "token" | "credentials";

/** Both kinds of callbacks. */
export const LOOKUPS: readonly Lookup[] = ["token", "credentials"];

/** The capability that each callback needs. */
export const LOOKUP_NEEDS = {
  token: "tokenProvider",
  credentials: "sigv4",
} as const satisfies Record<Lookup, Capability>;

/** Creates options with a callback for the credential, which calls `act` before it resolves. */
export function lookingUp(
  lookup: Lookup,
  { region, bearerToken, credentials }: Context,
  act: () => unknown,
): SubjectOptions {
  return lookup === "token"
    ? { region, tokenProvider: async () => (await act(), bearerToken) }
    : { region, credentialProvider: async () => (await act(), credentials) };
}
