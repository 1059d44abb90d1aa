import { isSignable, listHeaders, type Pair } from "../platform/headers.ts";
import type { Authenticator, AuthorizedRequest } from "./authenticator.ts";

/** The request that was authenticated; its headers are valid for nothing else. */
export interface Attempt {
  readonly url: string;
  readonly method: string;
  readonly body: unknown;
}

/** The note from the provider to `.fetch`: the authenticator of an attempt, and its result. */
export interface Handoff extends Pick<AuthorizedRequest, "credential" | "covered" | "isSealed"> {
  readonly authenticator: Authenticator;
}

/** Lets a subclass add a private field to an existing object. */
class Existing {
  constructor(existing: object) {
    return existing;
  }
}

/**
 * Headers that a provider of this module has authenticated. The OpenAI client passes the same
 * object to `fetch`, which recognizes it and does not sign again, even if provider and `fetch` come
 * from two calls of `bedrock()`.
 *
 * The note is a private field, so nobody else can write or copy it; a `WeakMap` takes three times
 * as long.
 */
class HandedOffHeaders extends Existing {
  #note: (Attempt & Handoff) | undefined;

  constructor(headers: Headers, note: Attempt & Handoff) {
    super(headers);
    this.#note = note;
  }

  static take(headers: Headers): (Attempt & Handoff) | undefined {
    if (!(#note in headers)) return undefined;
    const note = headers.#note;
    headers.#note = undefined;
    return note;
  }
}

/** Marks new headers as authenticating an attempt. */
export function handOff(headers: Headers, note: Attempt & Handoff): void {
  new HandedOffHeaders(headers, note);
}

/** Takes the note off headers, once; returns it if they authenticate exactly this attempt. */
export function takeHandoff(headers: unknown, attempt: Attempt): Handoff | undefined {
  if (!(headers instanceof Headers)) return undefined;
  const note = HandedOffHeaders.take(headers);
  const isSame = note?.url === attempt.url && note.method === attempt.method &&
    note.body === attempt.body && isUntouched(headers, note);
  return isSame ? note : undefined;
}

/** Checks that a wrapper of `fetch` has not edited the authenticated headers. */
function isUntouched(headers: Headers, { covered, isSealed }: Handoff): boolean {
  if (covered.some(([name, value]) => headers.get(name) !== value)) return false;
  // The signature covers the host of the URL, but Bun would send this one
  if (headers.has("host")) return false;
  const isUnsigned = ([name]: Pair) => !covered.some(([known]) => known === name);
  return !isSealed || !listHeaders(headers).filter(isSignable).some(isUnsigned);
}
