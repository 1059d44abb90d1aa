import type { AuthPlan } from "./auth.ts";
import { bearerHeader } from "./bearer.ts";
import { type BodyOptions, type SignableBody, signableBody, snapshot } from "./body.ts";
import { type AdjustableClock, timeBy } from "./clock.ts";
import { type Credential, credentialOf } from "./credential.ts";
import { isSignable, type Pair, pairsOf, SIGNATURE_HEADERS } from "./headers.ts";
import type { Endpoint } from "./endpoint.ts";
import { onFirstNeed } from "./first_need.ts";
import { throwIfAborted, withinLimits } from "./limits.ts";
import { originGuard } from "./origin.ts";
import type { World } from "./world.ts";

/** A request that is to be authenticated. */
export interface OutgoingRequest {
  readonly url: string;
  readonly method: string;
  /** Taken over: they become those that are sent. */
  readonly headers: Headers;
  readonly body: unknown;
  readonly signals: readonly AbortSignal[];
  /** How long the credential may take, in milliseconds, if less than the world's limit. */
  readonly timeoutMs: number | undefined;
  /** What to authenticate with, instead of what a lookup finds. */
  readonly credential: Credential | undefined;
}

/** What to send instead. */
export interface AuthorizedRequest {
  /** The same resource; where it is signed, spelled as the signature reads it. */
  readonly url: string;
  readonly headers: Headers;
  /** The body itself, or the bytes that it was serialized to. */
  readonly body: unknown;
  /** What it was authenticated with. */
  readonly credential: Credential;
  /** The headers that authenticate it, and those that a signature covers. */
  readonly covered: readonly Pair[];
}

/** Authenticates one attempt of a request. */
export type Authorize = (request: OutgoingRequest) => Promise<AuthorizedRequest>;

/** Authenticates requests, and replaces a credential that the service has refused. */
export interface Authenticator {
  readonly authorize: Authorize;
  /** Whether there may be another credential than the one that was refused. */
  readonly canRenew: boolean;
  /** Resolves to `undefined` where the source has no other. */
  readonly renew: (
    refused: Credential,
    signals: readonly AbortSignal[],
  ) => Promise<Credential | undefined>;
  /** The clock that it signs by. */
  readonly clock: AdjustableClock;
}

/**
 * The pipeline that every request takes: guard the origin, take ownership of headers, resolve the
 * credential, sign or attach.
 */
export function createAuthenticator(
  { baseURL, region, service }: Pick<Endpoint, "baseURL" | "region" | "service">,
  plan: AuthPlan,
  world: World,
  bodyOptions: BodyOptions = {},
): Authenticator {
  const trusted = originGuard(baseURL);
  const resolve = credentialOf(plan, region);
  const clock: AdjustableClock = { machine: world.now, offset: 0 };

  // Loaded on first need: with a token it never is
  const signing = onFirstNeed(async () => {
    const [sign, digest] = await Promise.all([import("./sigv4/sign.ts"), world.digest()]);
    return { ...sign, digest };
  });
  const renewing = onFirstNeed(async () => {
    const { renewal } = await import("./renewal.ts");
    // Without a limit of its own, one refresh that hangs would hold up every later one
    return renewal(
      (refresh) => withinLimits(() => resolve(refresh), [], world.lookupLimitMs, true),
      world.now,
    );
  });

  async function authorize(request: OutgoingRequest): Promise<AuthorizedRequest> {
    const { method, signals, timeoutMs = Infinity } = request;
    const url = trusted(request.url);
    const headers = cleared(request.headers);
    const isPrivate = url.protocol === "https:";
    // Read now: the caller may go on using its buffer while a credential is looked up
    const body = plan.mode === "sigv4"
      ? await withinLimits(signableBody(request.body, { ...bodyOptions, isPrivate }), signals)
      : snapshot(request.body);
    // What is fixed comes at once: a timer and listeners would take longer than all the rest
    const credential = request.credential ??
      await (plan.fixed
        ? resolve()
        : withinLimits(() => resolve(), signals, Math.min(timeoutMs, world.lookupLimitMs)));
    throwIfAborted(signals);
    if (credential.mode === "bearer") {
      const covered = [bearerHeader(credential.token)];
      return { url: request.url, headers: extended(headers, covered), body, credential, covered };
    }
    const { payload, send, contentType } = body as SignableBody;
    setContentType(headers, contentType);
    const sign = await withinLimits(signing, signals);
    const { digest } = sign;
    const payloadHash = payload === null ? "UNSIGNED-PAYLOAD" : await digest.sha256(payload);
    const scope = { region: region as string, service };
    const own = pairsOf(headers).filter(isSignable);
    const unsigned = { method, url, headers: own, payloadHash };
    const time = timeBy(clock);
    const added = await sign.signatureHeaders(unsigned, credential.identity, scope, time, digest);
    throwIfAborted(signals);
    return {
      url: sign.unmistakable(request.url),
      headers: extended(headers, added),
      body: send,
      credential,
      covered: [...own, ...added],
    };
  }

  return {
    authorize,
    clock,
    canRenew: !plan.fixed,
    renew: (refused, signals) =>
      withinLimits(async () => await (await renewing())(refused), signals, world.lookupLimitMs),
  };
}

const LEFT_OUT = [...SIGNATURE_HEADERS, "host"];

/** Drops what an earlier attempt signed, and `host`, which Bun would send as the caller gave it. */
function cleared(headers: Headers): Headers {
  for (const name of LEFT_OUT) headers.delete(name);
  return headers;
}

function extended(headers: Headers, added: readonly Pair[]): Headers {
  for (const [name, value] of added) headers.set(name, value);
  return headers;
}

/** The caller's content type stands, but for forms: only the serializer knows the boundary. */
function setContentType(headers: Headers, contentType: string | undefined): void {
  if (!contentType) return;
  if (contentType.startsWith("multipart/form-data") || !headers.has("content-type")) {
    headers.set("content-type", contentType);
  }
}
