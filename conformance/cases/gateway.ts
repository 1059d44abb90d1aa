import type { Connection, Context, Subject } from "../case.ts";
import { lookingUp, LOOKUP_NEEDS, LOOKUPS } from "./lookups.ts";

/** A base URL of nobody. */
export const GATEWAY = "https://gateway.example/v1";

/** Connects clients of it that look up a token or credentials, or have a token if they cannot. */
export async function gateways(
  subject: Subject,
  context: Context,
  act: () => unknown = () => {},
): Promise<Connection[]> {
  const where = { endpoint: "mantle", baseURL: GATEWAY } as const;
  const offered = LOOKUPS.filter((lookup) => !subject.lacks?.includes(LOOKUP_NEEDS[lookup]));
  const auths = offered.length
    ? offered.map((lookup) => lookingUp(lookup, context, act))
    : [{ region: context.region, apiKey: context.bearerToken }];
  return await Promise.all(
    auths.map((auth) => subject.connect({ ...auth, ...where }, context.fetch)),
  );
}

/**
 * Connects clients of Mantle, one with a token and, if the subject can sign, one with a
 * session.
 */
export async function clients(subject: Subject, context: Context): Promise<Connection[]> {
  const { region, bearerToken: apiKey, sessionCredentials, fetch } = context;
  const auths = subject.lacks?.includes("sigv4") ? [{ apiKey }] : [{ apiKey }, sessionCredentials];
  return await Promise.all(auths.map((auth) => subject.connect({ region, ...auth }, fetch)));
}
