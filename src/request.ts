import type { AuthPlan } from "./auth.ts";
import { attachBearer } from "./bearer.ts";
import { type SignableBody, signableBody, snapshot } from "./body.ts";
import { hex, sha256 } from "./digest.ts";
import type { Endpoint } from "./endpoint.ts";
import { throwIfAborted, withinLimits } from "./limits.ts";
import { assertTrustedOrigin } from "./origin.ts";
import { SIGNATURE_HEADERS, signRequest, unmistakable } from "./sigv4/sign.ts";
import type { World } from "./world.ts";

/** A request that is to be authenticated. */
export interface OutgoingRequest {
  readonly url: string;
  readonly method: string;
  readonly headers: Headers;
  readonly body: unknown;
  readonly signals: readonly AbortSignal[];
  /** How long the credential may take, in milliseconds, if less than the world's limit. */
  readonly timeoutMs?: number | undefined;
}

/** What to send instead. */
export interface AuthorizedRequest {
  /** The same resource; where it is signed, spelled as the signature reads it. */
  readonly url: string;
  readonly headers: Headers;
  /** The body itself, or the bytes that it was serialized to. */
  readonly body: unknown;
}

/** Authenticates one attempt of a request. */
export type Authorize = (request: OutgoingRequest) => Promise<AuthorizedRequest>;

/**
 * The pipeline that every request takes: guard the origin, take ownership of headers, resolve the
 * credential, sign or attach.
 */
export function createAuthorize(
  endpoint: Pick<Endpoint, "baseURL" | "region" | "service">,
  plan: AuthPlan,
  world: World,
): Authorize {
  return async (request) => {
    const { url, method, signals, timeoutMs = Infinity } = request;
    const limits = { signals, timeoutMs: Math.min(timeoutMs, world.lookupLimitMs) };
    assertTrustedOrigin(endpoint.baseURL, url);
    const headers = ownedHeaders(request.headers);

    if (plan.mode === "bearer") {
      const body = snapshot(request.body);
      attachBearer(headers, await withinLimits(plan.token, limits));
      return { url, headers, body };
    }
    const readBody = signableBody(request.body);
    const body = await withinLimits(async () => await readBody(), { signals });
    const identity = await withinLimits(() => plan.identity({ region: endpoint.region }), limits);
    setContentType(headers, body);
    const unsigned = { method, url, headers, payloadHash: hex(await sha256(body.bytes)) };
    const scope = { region: endpoint.region as string, service: endpoint.service };
    await signRequest(unsigned, identity, scope, world.now());
    throwIfAborted(signals);
    return { url: unmistakable(url), headers, body: body.send };
  };
}

/** Drops what an earlier attempt signed, and `host`, which Bun would send as the caller gave it. */
function ownedHeaders(headers: Headers): Headers {
  const owned = new Headers(headers);
  for (const name of [...SIGNATURE_HEADERS, "host"]) owned.delete(name);
  return owned;
}

/** The caller's content type stands, but for forms: only the serializer knows the boundary. */
function setContentType(headers: Headers, { contentType }: SignableBody): void {
  if (!contentType) return;
  if (contentType.startsWith("multipart/form-data") || !headers.has("content-type")) {
    headers.set("content-type", contentType);
  }
}
