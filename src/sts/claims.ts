import { parseObject } from "../platform/json.ts";
import { readProperty } from "../platform/read_options.ts";

/** The claims of a token; nothing in it is secret, and nothing is verified. */
export interface TokenClaims {
  /** The issuer. */
  readonly issuer: string | undefined;
  /** Whom it is for. */
  readonly audience: string | undefined;
  /** Whom it is about. */
  readonly subject: string | undefined;
  /** When it expires. */
  readonly expiration: Date | undefined;
}

/** Reads what a JSON Web Token says about itself; `undefined` if it is no such token. */
export function readClaims(token: string): TokenClaims | undefined {
  const claims = parseObject(decode(token.split(".")[1] ?? ""));
  if (claims === undefined) return undefined;
  const text = (name: string) => asText(readProperty(claims, name));
  const expiration = new Date(Number(readProperty(claims, "exp")) * 1000);
  const isDated = !Number.isNaN(expiration.getTime());
  return {
    issuer: text("iss"),
    audience: text("aud"),
    subject: text("sub"),
    expiration: isDated ? expiration : undefined,
  };
}

function decode(part: string): string {
  try {
    const bytes = atob(part.replaceAll("-", "+").replaceAll("_", "/"));
    return new TextDecoder().decode(Uint8Array.from(bytes, (each) => each.charCodeAt(0)));
  } catch {
    return "";
  }
}

/** Only what fits into a line of a message. */
function asText(value: unknown): string | undefined {
  const text = Array.isArray(value) ? value.join(" and ") : value;
  return typeof text === "string" && /^[\x20-\x7e]{1,256}$/.test(text) ? text : undefined;
}

/** Names who issued a token, for whom and about whom, as a trust policy asks for it. */
export function describeClaims(token: string | undefined): string {
  return listClaims(token && readClaims(token) || undefined) || "what the token says";
}

/** Lists the issuer, the audience and the subject, as far as they are known. */
export function listClaims(claims: TokenClaims | undefined): string {
  if (claims === undefined) return "";
  const { issuer, audience, subject } = claims;
  return [
    issuer && `issuer ${issuer}`,
    audience && `audience ${audience}`,
    subject && `subject ${subject}`,
  ].filter(Boolean).join(", ");
}
