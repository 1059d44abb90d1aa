import type { Connection, Context, Subject } from "../case.ts";
import { lookingUp, LOOKUP_NEEDS, LOOKUPS } from "./lookups.ts";

/** A base URL that is nobody's. */
export const GATEWAY = "https://gateway.example/v1";

/** Clients of it that look up a token or credentials; or one with a token, where it can do neither. */
export async function gateways(
  subject: Subject,
  context: Context,
  act: () => unknown = () => {},
): Promise<Connection[]> {
  const where = { endpoint: "mantle", baseURL: GATEWAY } as const;
  const offered = LOOKUPS.filter((lookup) => !subject.lacks?.includes(LOOKUP_NEEDS[lookup]));
  const ways = offered.length
    ? offered.map((lookup) => lookingUp(lookup, context, act))
    : [{ region: context.region, apiKey: context.bearerToken }];
  return await Promise.all(
    ways.map((auth) => subject.connect({ ...auth, ...where }, context.fetch)),
  );
}

/** Clients of Mantle, one with a token and, where it can sign, one with keys of a session. */
export async function clients(subject: Subject, context: Context): Promise<Connection[]> {
  const { region, bearerToken: apiKey, sessionCredentials, fetch } = context;
  const ways = subject.lacks?.includes("sigv4") ? [{ apiKey }] : [{ apiKey }, sessionCredentials];
  return await Promise.all(ways.map((auth) => subject.connect({ region, ...auth }, fetch)));
}
