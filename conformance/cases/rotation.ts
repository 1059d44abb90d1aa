import type {
  CallbackProperties,
  Context,
  Credentials,
  SentRequest,
  SubjectOptions,
} from "../case.ts";
import type { Lookup } from "./lookups.ts";

const OLD = "old-token";
const OLD_KEYS = { accessKeyId: "AKIDOLD", secretAccessKey: "old-secret" };

/** Tells whether a request carries the new credential. */
export function isNew(lookup: Lookup, { headers }: SentRequest): boolean {
  const old = lookup === "token" ? OLD : `Credential=${OLD_KEYS.accessKeyId}/`;
  return !headers.get("authorization")?.includes(old);
}

/**
 * Creates a callback that returns the old credential until a refresh is forced; it records
 * calls.
 */
export function rotating(
  lookup: Lookup,
  { region, bearerToken, credentials }: Context,
): { readonly options: SubjectOptions; readonly forced: readonly boolean[] } {
  const forced: boolean[] = [];
  let rotated = false;
  const isRotated = ({ forceRefresh = false }: CallbackProperties = {}) => {
    forced.push(forceRefresh);
    return rotated ||= forceRefresh;
  };
  const tokenProvider = (properties?: CallbackProperties) =>
    isRotated(properties) ? bearerToken : OLD;
  const credentialProvider = (properties?: CallbackProperties): Credentials =>
    isRotated(properties) ? credentials : OLD_KEYS;
  const source = lookup === "token" ? { tokenProvider } : { credentialProvider };
  return { options: { region, ...source }, forced };
}
