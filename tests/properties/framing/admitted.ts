import { type Message, valuesOf } from "./judge.ts";
import type { Admission } from "./requests.ts";

const PATH = /^\/(?:openai\/)?v1\/[^#%\\\s\p{Cc}\u00a0-\u00ff]+$/u;

/** Tells whether the proxy promises to let a request in, as llhttp has read it. */
export function isAdmitted(request: Message, { host, key }: Admission): boolean {
  const { method, target, version } = request;
  const lengths = valuesOf(request, "content-length");
  const codings = valuesOf(request, "transfer-encoding");
  const isFramed = lengths.length + codings.length <= 1 &&
    lengths.every((length) => /^\d+$/.test(length)) &&
    codings.every((coding) => coding.toLowerCase() === "chunked");
  const hasBody = codings.length > 0 || Number(lengths[0] ?? 0) > 0;
  return version === "1.1" && isFramed &&
    !/^(?:OPTIONS|TRACE|CONNECT)$/.test(method) && !(hasBody && /^(?:GET|HEAD)$/.test(method)) &&
    PATH.test(target) &&
    valuesOf(request, "host").join() === host &&
    valuesOf(request, "authorization").join() === `Bearer ${key}` &&
    !/websocket/i.test(valuesOf(request, "upgrade").join()) &&
    valuesOf(request, "expect").every((value) => value.toLowerCase() === "100-continue");
}
