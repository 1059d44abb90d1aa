import { type FoundIdentity, readIdentity } from "../auth/credentials.ts";
import { parseObject } from "../platform/json.ts";
import { readProperty } from "../platform/read_options.ts";
import { findReason } from "./reasons.ts";
import { SourceFailure } from "./source.ts";

/** A response of an endpoint of the machine. */
export interface MetadataResponse {
  readonly status: number;
  readonly text: string;
}

/** The form of times that such endpoints give; others, of no zone or any, could be misread. */
const TIME = /^\d{4}-\d{2}-\d{2}t\d{2}:\d{2}:\d{2}(?:\.\d+)?z$/i;

/** Credentials and tokens are far shorter. */
const MAX_LENGTH = 64 * 1024;

/**
 * Asks an endpoint that gives credentials to the machine; redirects are not followed.
 *
 * @param timeoutMs How long it may take to respond, in milliseconds.
 * @throws {SourceFailure} if there is no response in time
 */
export async function requestMetadata(
  url: string,
  timeoutMs: number,
  init: { readonly method?: string; readonly headers?: Readonly<Record<string, string>> } = {},
): Promise<MetadataResponse> {
  const signal = AbortSignal.timeout(timeoutMs);
  try {
    // Without a prototype, from which a platform would read what is not set
    const options = { __proto__: null, ...init, redirect: "manual", signal } as RequestInit;
    const response = await fetch(url, options);
    const text = await response.text();
    return { status: response.status, text: text.slice(0, MAX_LENGTH) };
  } catch (error) {
    const { name, message } = Object(error) as Partial<Error>;
    if (signal.aborted) throw new SourceFailure({ reason: `${originOf(url)} did not respond` });
    throw new SourceFailure(
      findReason(`${name} ${message}`) ?? { reason: `${originOf(url)} could not be reached` },
    );
  }
}

function originOf(url: string): string {
  return new URL(url).origin;
}

/**
 * Reads credentials from the response of such an endpoint, all of whose fields are required.
 *
 * @param source What messages call it.
 * @throws {SourceFailure} if a field is missing
 */
export function readCredentials(text: string, source: string): FoundIdentity {
  const document = parseObject(text) ?? {};
  const read = (name: string) => {
    const value = readProperty(document, name);
    if (typeof value === "string") return value;
    throw new SourceFailure({ reason: `the response of ${source} has no text in ${name}` });
  };
  const expiration = read("Expiration");
  if (!TIME.test(expiration)) {
    throw new SourceFailure({
      reason: `the Expiration in the response of ${source} is not a time in UTC`,
    });
  }
  return readIdentity({
    accessKeyId: read("AccessKeyId"),
    secretAccessKey: read("SecretAccessKey"),
    sessionToken: read("Token"),
    expiration: expiration.toUpperCase(),
  }, source);
}
