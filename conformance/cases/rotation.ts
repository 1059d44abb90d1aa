import type { Context, Credentials, Refreshing, SentRequest, SubjectOptions } from "../case.ts";
import type { Lookup } from "./lookups.ts";

const OLD = "old-token";
const OLD_KEYS = { accessKeyId: "AKIDOLD", secretAccessKey: "old-secret" };

/** How requests with what is old and what is new are told apart. */
export function lookupsOf(lookup: Lookup): { isNew(request: SentRequest): boolean } {
  const old = lookup === "token" ? OLD : `Credential=${OLD_KEYS.accessKeyId}/`;
  return { isNew: ({ headers }) => !headers.get("authorization")?.includes(old) };
}

/** A source that hands out what is old until it is told to look afresh, and notes each lookup. */
export function rotating(
  lookup: Lookup,
  { region, bearerToken, credentials }: Context,
): { readonly options: SubjectOptions; readonly told: readonly boolean[] } {
  const told: boolean[] = [];
  let rotated = false;
  const isNew = ({ forceRefresh = false }: Refreshing = {}) => {
    told.push(forceRefresh);
    return rotated ||= forceRefresh;
  };
  const tokenProvider = (refreshing?: Refreshing) => isNew(refreshing) ? bearerToken : OLD;
  const credentialProvider = (refreshing?: Refreshing): Credentials =>
    isNew(refreshing) ? credentials : OLD_KEYS;
  const source = lookup === "token" ? { tokenProvider } : { credentialProvider };
  return { options: { region, ...source }, told };
}
