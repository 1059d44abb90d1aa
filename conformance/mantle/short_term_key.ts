import { parseScope } from "./sigv4_scope.ts";
import type { SigV4Scope } from "./sigv4_scope.ts";
import { parseAmzDate } from "./sigv4_time.ts";

/** The content of a short-term API key, which is a presigned URL in Base64. */
export interface ShortTermKeyClaim {
  readonly scope: SigV4Scope;
  readonly amzDate: string;
  /** The time it was created, in milliseconds since 1970. */
  readonly time: number;
  readonly expiresInSeconds: number;
  /** The session token; empty if the credentials are permanent. */
  readonly sessionToken: string;
  readonly signature: string;
}

/** The beginning of every short-term key. */
export const SHORT_TERM_PREFIX = "bedrock-api-key-";

/** The host in every key, for each Region and both families. Documented: @aws/bedrock-token-generator. */
export const KEY_HOST = "bedrock.amazonaws.com";

/** The longest validity. Documented. */
const MAX_SECONDS = 43_200;

/** The parameters of a key. Assumed: they may have any order, and there are no others. */
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

/** Parses a key; `undefined` if it has another form. */
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
  if (!scope || time === undefined || expiresInSeconds > MAX_SECONDS) return undefined;
  const [sessionToken, signature] = [read(SESSION_TOKEN), read("X-Amz-Signature")];
  return { scope, amzDate, time, expiresInSeconds, sessionToken, signature };
}

/** Decodes Base64. Assumed: only its canonical spelling is accepted. */
function decoded(base64: string): string | undefined {
  try {
    const text = atob(base64);
    return btoa(text) === base64 ? text : undefined;
  } catch {
    return undefined;
  }
}
