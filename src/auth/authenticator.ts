import { guardOrigin } from "../endpoint/hosts.ts";
import { BedrockError, type OptionNames, renameOptions, type SkippedSource } from "../errors.ts";
import type { CallbackProperties } from "../options.ts";
import { throwIfAborted, withDeadline } from "../platform/deadline.ts";
import { type Pair, SIGNATURE_HEADERS } from "../platform/headers.ts";
import { isPromise, lazy, type MaybePromise } from "../platform/lazy.ts";
import type { AdjustableClock, Platform } from "../platform/platform.ts";
import { isFromCallback } from "./callback.ts";
import type { Renewal } from "./plan.ts";

/** A way to authenticate requests: bearer or SigV4. The authenticator itself knows neither. */
export interface Scheme<Credential, Body> {
  readonly mode: "bearer" | "sigv4";
  readonly renewal: Renewal;
  /**
   * Copies at once what the caller may change of a body; the rest is read when the result is
   * called.
   *
   * @param isPrivate True if the body will be sent over https.
   */
  takeBody(body: unknown, isPrivate: boolean): () => MaybePromise<Body>;
  /** Looks up the credential; another one, if the service refused the last. */
  lookUp(properties?: CallbackProperties): Promise<Credential>;
  /** Attaches a credential to a request. */
  attach(request: UnauthorizedRequest<Body>, credential: Credential): MaybePromise<Attached>;
  /** Checks if the service would treat two credentials alike. */
  same(one: Credential, other: Credential): boolean;
  /** Describes a credential without revealing it. */
  describe(credential: Credential): CredentialDescription;
}

/** A request before its credential is attached. */
export interface UnauthorizedRequest<Body> {
  readonly url: string;
  readonly parsedUrl: URL;
  readonly method: string;
  /** Free of earlier signatures; `attach` adds its own headers here. */
  readonly headers: Headers;
  readonly body: Body;
}

/** A request with its credential attached. */
export interface Attached {
  /** The same resource; if signed, with the query spelled as it was signed. */
  readonly url: string;
  /** The body itself, or the bytes it was serialized to. */
  readonly body: unknown;
  /** The headers that authenticate the request, and those that a signature covers. */
  readonly covered: readonly Pair[];
  /** True if any further signable header would invalidate the signature. */
  readonly isSealed: boolean;
}

/** The facts about a credential that are not secret. */
export interface CredentialDescription {
  /** The one region that a short-term key is valid in. */
  readonly region: string | undefined;
  readonly expiration: Date | undefined;
  /** The source in the AWS chain. */
  readonly foundIn: string | undefined;
  readonly skipped: readonly SkippedSource[] | undefined;
}

declare const opaque: unique symbol;

/** A credential that only its own scheme can read. */
export interface OpaqueCredential {
  readonly [opaque]: true;
}

/** A request to authenticate. */
export interface OutgoingRequest {
  readonly url: string;
  readonly method: string;
  /** Modified in place: these become the headers that are sent. */
  readonly headers: Headers;
  readonly body: unknown;
  readonly signals: readonly AbortSignal[];
  /** Limit for the credential lookup, in milliseconds, if below the platform's. */
  readonly timeoutMs: number | undefined;
  /** A credential to use instead of looking one up. */
  readonly credential: OpaqueCredential | undefined;
}

/** An authenticated request, ready to be sent. */
export interface AuthorizedRequest extends Attached {
  readonly headers: Headers;
  readonly credential: OpaqueCredential;
}

/** Authenticates requests, and replaces credentials that the service refused. */
export interface Authenticator {
  readonly mode: "bearer" | "sigv4";
  /** Authenticates one attempt of a request. */
  readonly authorize: (request: OutgoingRequest) => Promise<AuthorizedRequest>;
  /** False if the credential is fixed. */
  readonly canRenew: boolean;
  /** Looks up another credential; resolves to `undefined` if the source has none. */
  readonly renew: (
    refused: OpaqueCredential,
    signals: readonly AbortSignal[],
  ) => Promise<OpaqueCredential | undefined>;
  /** Looks up the credential as a request would, and describes it. */
  readonly describe: () => Promise<CredentialDescription>;
  /** The clock for signatures. */
  readonly clock: AdjustableClock;
  /** The option names to use in error messages. */
  readonly names: OptionNames;
}

/** The dependencies of an authenticator. */
export interface AuthenticatorParts {
  readonly baseURL: string;
  readonly platform: Platform;
  readonly clock: AdjustableClock;
  readonly names: OptionNames;
}

/**
 * Creates the pipeline for every request: check the origin, drop old signatures, copy the body,
 * look up the credential, attach it.
 */
export function createAuthenticator<Credential, Body>(
  scheme: Scheme<Credential, Body>,
  { baseURL, platform, clock, names }: AuthenticatorParts,
): Authenticator {
  const guard = guardOrigin(baseURL);
  const { lookupLimitMs } = platform;
  // Callers pass credentials around without knowing their type
  const hide = (credential: Credential) => credential as unknown as OpaqueCredential;
  const reveal = (credential: OpaqueCredential) => credential as unknown as Credential;

  async function authorize(request: OutgoingRequest): Promise<AuthorizedRequest> {
    const { url, method, signals, timeoutMs = Infinity } = request;
    const parsedUrl = guard(url);
    const headers = dropSignatureHeaders(request.headers);
    // Copied now: the caller may reuse its buffer during the lookup
    const body = await withDeadline(
      scheme.takeBody(request.body, parsedUrl.protocol === "https:"),
      signals,
    );
    const credential = request.credential
      ? reveal(request.credential)
      : await (scheme.renewal === "none"
        // Timers and listeners would cost more than everything else
        ? scheme.lookUp()
        : withDeadline(() => scheme.lookUp(), signals, Math.min(timeoutMs, lookupLimitMs)));
    throwIfAborted(signals);
    const attached = scheme.attach({ url, parsedUrl, method, headers, body }, credential);
    const sent = isPromise(attached) ? await withDeadline(() => attached, signals) : attached;
    return { ...sent, headers, credential: hide(credential) };
  }

  const renewal = lazy(async () => {
    const { createRenewal } = await import("./credential_cache.ts");
    return createRenewal(scheme, platform);
  });
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

/** Drops earlier signatures, and `host`, which Bun would send as given. */
function dropSignatureHeaders(headers: Headers): Headers {
  for (const name of DROPPED_HEADERS) headers.delete(name);
  return headers;
}
