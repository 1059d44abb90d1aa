import type { SkippedSource } from "../errors.ts";
import type { CallbackProperties } from "../options.ts";
import type { Pair } from "../platform/headers.ts";
import type { MaybePromise } from "../platform/lazy.ts";
import type { Renewal } from "./plan.ts";

/** A way to authenticate requests; each is a value, and the authenticator knows none of them. */
export interface Scheme<Credential, Body> {
  readonly mode: "bearer" | "sigv4";
  readonly renewal: Renewal;
  /**
   * Copies what the caller may change of a body, at once; the rest is read when it is asked for.
   *
   * @param isPrivate Whether the body will be sent over https.
   */
  takeBody(body: unknown, isPrivate: boolean): () => MaybePromise<Body>;
  /** Looks up the credential, or another one if the last was refused. */
  lookUp(properties?: CallbackProperties): Promise<Credential>;
  /** Attaches a credential to a request. */
  attach(request: UnauthorizedRequest<Body>, credential: Credential): MaybePromise<Attached>;
  /** Tells whether the service would treat two credentials alike. */
  same(one: Credential, other: Credential): boolean;
  /** Says where a credential comes from, without showing it. */
  describe(credential: Credential): CredentialDescription;
}

/** A request that a credential is to be attached to. */
export interface UnauthorizedRequest<Body> {
  /** As it will be sent. */
  readonly url: string;
  readonly parsedUrl: URL;
  readonly method: string;
  /** Without the headers of an earlier signature; those added are set here. */
  readonly headers: Headers;
  readonly body: Body;
}

/** What a credential turned a request into. */
export interface Attached {
  /** The same resource; if it is signed, spelled as the signature reads it. */
  readonly url: string;
  /** The body itself, or the bytes that it was serialized to. */
  readonly body: unknown;
  /** The headers that authenticate the request, and those that a signature covers. */
  readonly covered: readonly Pair[];
  /** Whether another signable header would have to be signed as well. */
  readonly isSealed: boolean;
}

/** What is known of a credential; nothing in it is secret. */
export interface CredentialDescription {
  /** The one region that a short-term key is valid in. */
  readonly region: string | undefined;
  readonly expiration: Date | undefined;
  /** The source of the AWS chain. */
  readonly foundIn: string | undefined;
  readonly skipped: readonly SkippedSource[] | undefined;
}
