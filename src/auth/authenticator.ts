import { guardOrigin } from "../endpoint/hosts.ts";
import { BedrockError, type OptionNames, renameOptions } from "../errors.ts";
import { throwIfAborted, withDeadline } from "../platform/deadline.ts";
import { type Pair, SIGNATURE_HEADERS } from "../platform/headers.ts";
import { isPromise, lazy } from "../platform/lazy.ts";
import type { AdjustableClock, Platform } from "../platform/platform.ts";
import { isFromCallback } from "./callback.ts";
import type { CredentialDescription, Scheme } from "./scheme.ts";

declare const opaque: unique symbol;

/** A credential, which only the scheme that found it can read. */
export interface OpaqueCredential {
  readonly [opaque]: true;
}

/** A request that is to be authenticated. */
export interface OutgoingRequest {
  readonly url: string;
  readonly method: string;
  /** Taken over: they become those that are sent. */
  readonly headers: Headers;
  readonly body: unknown;
  readonly signals: readonly AbortSignal[];
  /** How long the credential may take, in milliseconds, if less than the platform's limit. */
  readonly timeoutMs: number | undefined;
  /** What to authenticate with, instead of what a lookup finds. */
  readonly credential: OpaqueCredential | undefined;
}

/** What to send instead. */
export interface AuthorizedRequest {
  /** The same resource; if it is signed, spelled as the signature reads it. */
  readonly url: string;
  readonly headers: Headers;
  /** The body itself, or the bytes that it was serialized to. */
  readonly body: unknown;
  /** What it was authenticated with. */
  readonly credential: OpaqueCredential;
  /** The headers that authenticate it, and those that a signature covers. */
  readonly covered: readonly Pair[];
  /** Whether another signable header would have to be signed as well. */
  readonly isSealed: boolean;
}

/** Authenticates requests, and replaces a credential that the service has refused. */
export interface Authenticator {
  readonly mode: "bearer" | "sigv4";
  /** Authenticates one attempt of a request. */
  readonly authorize: (request: OutgoingRequest) => Promise<AuthorizedRequest>;
  /** Whether there may be another credential than the one that was refused. */
  readonly canRenew: boolean;
  /** Looks up another credential; resolves to `undefined` if the source has none. */
  readonly renew: (
    refused: OpaqueCredential,
    signals: readonly AbortSignal[],
  ) => Promise<OpaqueCredential | undefined>;
  /** Looks the credential up as a request would, and describes it. */
  readonly describe: () => Promise<CredentialDescription>;
  /** The clock that it signs by. */
  readonly clock: AdjustableClock;
  /** What the reader of its errors calls the options. */
  readonly names: OptionNames;
}

/** What an authenticator is made of. */
export interface AuthenticatorParts {
  readonly baseURL: string;
  readonly platform: Platform;
  readonly clock: AdjustableClock;
  readonly names: OptionNames;
}

/**
 * Creates the pipeline that every request takes: guard the origin, drop old signatures, take the body,
 * look up the credential, attach it.
 */
export function createAuthenticator<Credential, Body>(
  scheme: Scheme<Credential, Body>,
  { baseURL, platform, clock, names }: AuthenticatorParts,
): Authenticator {
  const guard = guardOrigin(baseURL);
  const { lookupLimitMs } = platform;
  // What a credential is, nobody outside needs to know
  const hide = (credential: Credential) => credential as unknown as OpaqueCredential;
  const reveal = (credential: OpaqueCredential) => credential as unknown as Credential;

  async function authorize(request: OutgoingRequest): Promise<AuthorizedRequest> {
    const { url, method, signals, timeoutMs = Infinity } = request;
    const parsedUrl = guard(url);
    const headers = dropSignatureHeaders(request.headers);
    // Taken now: the caller may reuse its buffer while a credential is looked up
    const body = await withDeadline(
      scheme.takeBody(request.body, parsedUrl.protocol === "https:"),
      signals,
    );
    const credential = request.credential
      ? reveal(request.credential)
      : await (scheme.renewal === "none"
        // A timer and listeners would take longer than everything else
        ? scheme.lookUp()
        : withDeadline(() => scheme.lookUp(), signals, Math.min(timeoutMs, lookupLimitMs)));
    throwIfAborted(signals);
    const attached = scheme.attach({ url, parsedUrl, method, headers, body }, credential);
    const sent = isPromise(attached) ? await withDeadline(() => attached, signals) : attached;
    return { ...sent, headers, credential: hide(credential) };
  }

  const renewal = lazy(async () => (await import("./renewal.ts")).createRenewal(scheme, platform));
  return {
    mode: scheme.mode,
    authorize: (request) => authorize(request).catch(rename),
    canRenew: scheme.renewal !== "none",
    renew: (refused, signals) =>
      withDeadline(async () => await (await renewal())(reveal(refused)), signals, lookupLimitMs)
        .then((found) => found === undefined ? undefined : hide(found), rename),
    describe: () =>
      withDeadline(() => scheme.lookUp(), [], lookupLimitMs).then(scheme.describe, rename),
    clock,
    names,
  };

  function rename(error: unknown): never {
    const isOurs = error instanceof BedrockError && !isFromCallback(error);
    throw isOurs ? renameOptions(error, names) : error;
  }
}

const DROPPED_HEADERS = [...SIGNATURE_HEADERS, "host"];

/** Drops what an earlier attempt signed, and `host`, which Bun would send as the caller gave it. */
function dropSignatureHeaders(headers: Headers): Headers {
  for (const name of DROPPED_HEADERS) headers.delete(name);
  return headers;
}
