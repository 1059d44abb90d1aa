import type { Context, Credentials, SentRequest } from "../case.ts";
import { CheckFailure, equal, ok } from "../check.ts";
import { parseAuthorization } from "../mantle/sigv4_claim.ts";
import { verifySigV4 } from "../mantle/sigv4_verifier.ts";

/** The expectations of a signature. */
export interface Expected {
  readonly credentials: Credentials;
  /** @default {"mantle"} */
  readonly endpoint?: "mantle" | "runtime";
  /** The time to verify it at. @default {the current time} */
  readonly now?: number;
}

/** Verifies the signature of a sent request, independently of the subject. */
export async function verifies(
  request: SentRequest,
  { region }: Context,
  { credentials, endpoint = "mantle", now = Date.now() }: Expected,
): Promise<void> {
  const { method, url, headers } = request;
  const authorization = headers.get("authorization") ?? "";
  ok(authorization.startsWith("AWS4-HMAC-SHA256 "), "The request is not signed");
  const service = parseAuthorization(authorization)?.service;
  equal(service, endpoint === "mantle" ? "bedrock-mantle" : "bedrock", "Service of the scope");
  const body = new Uint8Array(request.body);
  const received = { method, url: new URL(url), headers, body };
  const expected = { endpoint, region, credentials: [credentials], now: () => now };
  try {
    await verifySigV4(received, authorization, expected);
  } catch (error) {
    throw new CheckFailure(
      `${method} ${new URL(url).pathname}: ${error instanceof Error ? error.message : error}`,
    );
  }
}

/** Lists the headers that a signature covers. */
export function signedHeaders({ headers }: SentRequest): readonly string[] {
  return parseAuthorization(headers.get("authorization") ?? "")?.signedHeaders ?? [];
}

/** Returns the date in the scope of a signature. */
export function signedScopeDate({ headers }: SentRequest): string | undefined {
  return parseAuthorization(headers.get("authorization") ?? "")?.date;
}
