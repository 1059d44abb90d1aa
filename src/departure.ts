import type { Call } from "./call.ts";
import type { AuthorizedRequest } from "./request.ts";
import { isStream } from "./stream_body.ts";
import { streamOf } from "./stream_bytes.ts";

/** What the platform's `fetch` is to be called with, once a call is authenticated. */
export function departing(
  { url, method, request, init }: Call,
  sent: Pick<AuthorizedRequest, "url" | "headers" | "body">,
): [input: string | Request, init: RequestInit] {
  const changed = { method, headers: sent.headers, redirect: "manual" as const };
  const body = sendable(sent.body) as BodyInit | undefined;
  const streamed = isStream(body) ? { duplex: "half" } : {};
  if (!request) return [sent.url, { ...init, ...changed, body, ...streamed }];
  const fresh = sent.body === request ? {} : { body, ...streamed };
  const target = sent.url === url ? request : new Request(sent.url, request);
  return [new Request(target, { ...init, ...changed, ...fresh }), transport(init)];
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
  const rest: RequestInit = { ...init, redirect: "manual" };
  for (const name of ["method", "headers", "body", "signal"] as const) delete rest[name];
  return rest;
}
