import type { Connection, Context, Subject } from "../case.ts";
import { lookingUp, LOOKUPS } from "./lookups.ts";

/** A base URL that is nobody's. */
export const GATEWAY = "https://gateway.example/v1";

/** Clients of it, one that looks up a token and one that looks up credentials. */
export async function gateways(
  subject: Subject,
  context: Context,
  act: () => unknown = () => {},
): Promise<Connection[]> {
  const where = { endpoint: "mantle", baseURL: GATEWAY } as const;
  return await Promise.all(
    LOOKUPS.map((lookup) =>
      subject.connect({ ...lookingUp(lookup, context, act), ...where }, context.fetch)
    ),
  );
}

/** Clients of Mantle, one with a token and one with keys of a session. */
export async function clients(subject: Subject, context: Context): Promise<Connection[]> {
  const { region, bearerToken: apiKey, sessionCredentials, fetch } = context;
  return await Promise.all(
    [{ apiKey }, sessionCredentials].map((auth) => subject.connect({ region, ...auth }, fetch)),
  );
}
