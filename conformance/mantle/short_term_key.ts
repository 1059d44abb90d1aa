import { parseScope } from "./sigv4_scope.ts";
import type { SigV4Scope } from "./sigv4_scope.ts";
import { parseAmzDate } from "./sigv4_time.ts";

/** What a short-term API key says: it is a presigned URL, in Base64. */
export interface ShortTermKeyClaim {
  readonly scope: SigV4Scope;
  readonly amzDate: string;
  /** When it was made, in milliseconds since the epoch. */
  readonly time: number;
  readonly expiresInSeconds: number;
  /** Blank where the credentials are lasting ones. */
  readonly sessionToken: string;
  readonly signature: string;
}

/** What every short-term key begins with. */
export const SHORT_TERM_PREFIX = "bedrock-api-key-";

/** Documented: @aws/bedrock-token-generator. The same for every Region and both families. */
export const KEY_HOST = "bedrock.amazonaws.com";

/** Documented: the longest life that AWS grants. */
const LONGEST_SECONDS = 43_200;

/** Assumed: the order of the parameters is free, and there may be no others. */
const PARAMETERS: Readonly<Record<string, RegExp>> = {
  "Action": /^CallWithBearerToken$/,
  "Version": /^1$/,
  "X-Amz-Algorithm": /^AWS4-HMAC-SHA256$/,
  "X-Amz-Credential": /./,
  "X-Amz-Date": /./,
  "X-Amz-Expires": /^[1-9]\d{0,4}$/,
  "X-Amz-Signature": /^[0-9a-f]{64}$/,
  "X-Amz-SignedHeaders": /^host$/,
};
const SESSION_TOKEN = "X-Amz-Security-Token";

/** Reads a key; `undefined` where it is not of that form. */
export function parseShortTermKey(key: string): ShortTermKeyClaim | undefined {
  const url = key.startsWith(SHORT_TERM_PREFIX) && decoded(key.slice(SHORT_TERM_PREFIX.length));
  if (!url || !url.startsWith(`${KEY_HOST}/?`)) return undefined;
  const query = new URLSearchParams(url.slice(`${KEY_HOST}/?`.length));
  const read = (name: string) => query.get(name) ?? "";
  const names = [...Object.keys(PARAMETERS), ...(query.has(SESSION_TOKEN) ? [SESSION_TOKEN] : [])];
  if ([...query.keys()].sort().join() !== names.sort().join()) return undefined;
  if (Object.entries(PARAMETERS).some(([name, form]) => !form.test(read(name)))) return undefined;
  const [scope, amzDate] = [parseScope(read("X-Amz-Credential")), read("X-Amz-Date")];
  const [time, expiresInSeconds] = [parseAmzDate(amzDate), Number(read("X-Amz-Expires"))];
  if (!scope || time === undefined || expiresInSeconds > LONGEST_SECONDS) return undefined;
  const [sessionToken, signature] = [read(SESSION_TOKEN), read("X-Amz-Signature")];
  return { scope, amzDate, time, expiresInSeconds, sessionToken, signature };
}

/** Assumed: only Base64 that stands for its text as written is taken. */
function decoded(base64: string): string | undefined {
  try {
    const text = atob(base64);
    return btoa(text) === base64 ? text : undefined;
  } catch {
    return undefined;
  }
}
