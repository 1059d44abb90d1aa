import { isSignable, listHeaders } from "../platform/headers.ts";
import { andThen, type MaybePromise } from "../platform/lazy.ts";
import { normalizeQuery, signHeaders, type SigningNow } from "../sigv4/sign.ts";
import type { Attached, UnauthorizedRequest } from "./scheme.ts";
import type { SignableBody } from "./signable_body.ts";

export { readSignableBody } from "./signable_body.ts";

/** Signs a request, whose headers get those of the signature. */
export function signRequest(
  { url, parsedUrl, method, headers, body }: UnauthorizedRequest<SignableBody>,
  signing: SigningNow,
): MaybePromise<Attached> {
  const { payload, send, contentType } = body;
  setContentType(headers, contentType);
  const own = listHeaders(headers).filter(isSignable);
  const hash = payload === null ? "UNSIGNED-PAYLOAD" : signing.digest.sha256(payload);
  return andThen(hash, (payloadHash) => {
    const unsigned = { method, url: parsedUrl, headers: own, payloadHash };
    return andThen(signHeaders(unsigned, signing), (added) => {
      for (const [name, value] of added) headers.set(name, value);
      return { url: normalizeQuery(url), body: send, covered: [...own, ...added], isSealed: true };
    });
  });
}

/** The caller's content type stands, except for forms: only the serializer knows the boundary. */
function setContentType(headers: Headers, contentType: string | undefined): void {
  if (!contentType) return;
  if (contentType.startsWith("multipart/form-data") || !headers.has("content-type")) {
    headers.set("content-type", contentType);
  }
}
