import { isSignable, listHeaders, type Pair } from "../platform/headers.ts";
import type { Authenticator, AuthorizedRequest } from "./authenticator.ts";

/** What was authenticated: the headers are valid only for exactly this. */
export interface Attempt {
  readonly url: string;
  readonly method: string;
  readonly body: unknown;
}

/** What the provider hands to `.fetch`: who authenticated an attempt, and with what. */
export interface Handoff extends Pick<AuthorizedRequest, "credential" | "covered" | "isSealed"> {
  readonly authenticator: Authenticator;
}

/** Lets a class add a private field to an object that exists already. */
class Existing {
  constructor(existing: object) {
    return existing;
  }
}

/**
 * Headers that a provider of this module has authenticated. The OpenAI client hands the very object on
 * to `fetch`, which recognizes it and signs nothing twice; also if the provider and the `fetch` of a
 * client come from two calls of `bedrock()`.
 *
 * Nobody else can write or copy the note: it is a private field, which takes a third of the time of a
 * `WeakMap`; headers take it once.
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

/** Notes on new headers that they authenticate an attempt. */
export function handOff(headers: Headers, note: Attempt & Handoff): void {
  new HandedOffHeaders(headers, note);
}

/** Takes the note off headers if they authenticate exactly this attempt; they are valid only once. */
export function takeHandoff(headers: unknown, attempt: Attempt): Handoff | undefined {
  if (!(headers instanceof Headers)) return undefined;
  const note = HandedOffHeaders.take(headers);
  const isSame = note?.url === attempt.url && note.method === attempt.method &&
    note.body === attempt.body && isUntouched(headers, note);
  return isSame ? note : undefined;
}

/** Tells whether headers are as they were authenticated; a wrapper of `fetch` may edit any of them. */
function isUntouched(headers: Headers, { covered, isSealed }: Handoff): boolean {
  if (covered.some(([name, value]) => headers.get(name) !== value)) return false;
  // That of the URL is signed; Bun would send this one
  if (headers.has("host")) return false;
  const isUnsigned = ([name]: Pair) => !covered.some(([known]) => known === name);
  return !isSealed || !listHeaders(headers).filter(isSignable).some(isUnsigned);
}
