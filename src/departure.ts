import type { Call } from "./call.ts";
import { BedrockError } from "./errors.ts";
import type { AuthorizedRequest } from "./request.ts";
import { platformUrl } from "./request_url.ts";
import { isStream } from "./stream_body.ts";
import { streamOf } from "./stream_bytes.ts";

/**
 * What the platform's `fetch` is to be called with, once a call is authenticated.
 *
 * @throws {BedrockError} `origin_mismatch` where a `Request` for another URL than the one that was
 * checked would leave
 */
export function departing(
  { method, request, init }: Call,
  sent: Pick<AuthorizedRequest, "url" | "headers" | "body">,
): [input: string | Request, init: RequestInit] {
  const changed = { method, headers: sent.headers, redirect: "manual" as const };
  const body = sendable(sent.body) as BodyInit | undefined;
  const streamed = isStream(body) ? { duplex: "half" } : {};
  if (!request) {
    // All that matters is the object's own, so that none of it is read from `Object.prototype`
    return [sent.url, { ...init, ...changed, body, signal: init.signal, ...streamed }];
  }
  const fresh = sent.body === request ? {} : { body, ...streamed };
  const target = isFor(sent.url, request) ? request : new Request(sent.url, request);
  const departs = new Request(target, { __proto__: null, ...init, ...changed, ...fresh } as object);
  if (isFor(sent.url, departs)) return [departs, transport(init)];
  throw new BedrockError(
    "origin_mismatch",
    "Cannot authenticate a `Request` that the platform would send to another URL than its own. " +
      "Pass the URL as text",
  );
}

function isFor(url: string, request: Request): boolean {
  return platformUrl(request) === new URL(url).href;
}

/** Chromium would send a generator's name. Node's streams stay, as a `fetch` may take no others. */
function sendable(body: unknown): unknown {
  return isStream(body) && !("pipe" in body) ? streamOf(body) : body;
}

/** Whether a body can be sent a second time. */
export function isReplayable(body: unknown): boolean {
  return !(body instanceof Request) && !isStream(body);
}

/** What a runtime adds to `RequestInit` (a proxy, a dispatcher), which a `Request` may not keep. */
function transport(init: RequestInit): RequestInit {
  const rest = { __proto__: null, ...init, redirect: "manual" } as RequestInit;
  for (const name of ["method", "headers", "body", "signal"] as const) delete rest[name];
  return rest;
}
