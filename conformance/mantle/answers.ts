export { refused } from "../../loopback/refusal.ts";

const encoder = new TextEncoder();

// Observed on every recorded response (pydantic/pydantic-ai, test_bedrock_mantle cassettes).
const COMMON_HEADERS: Readonly<Record<string, string>> = {
  "access-control-allow-origin": "*",
  "access-control-expose-headers": [
    "x-amzn-requestid",
    "x-request-id",
    "date",
    "x-amzn-usage-reservation-quota",
    "x-amzn-usage-reservation-remaining-quota",
    "x-amzn-usage-reservation-spillover",
  ].join(),
  "vary": "origin, access-control-request-method, access-control-request-headers",
};

/** An answer of exactly these bytes. */
export function bytes(body: Uint8Array<ArrayBuffer>, contentType: string): Response {
  const headers = { "content-type": contentType, "content-length": `${body.length}` };
  return new Response(body, { headers });
}

/** A JSON answer whose text is written already. */
export function jsonText(text: string, status = 200): Response {
  const body = encoder.encode(text);
  const headers = { "content-type": "application/json", "content-length": `${body.length}` };
  return new Response(body, { status, headers });
}

/** A JSON answer. */
export function json(value: unknown, status = 200): Response {
  return jsonText(JSON.stringify(value), status);
}

/** An answer without a body. */
export function empty(status: number): Response {
  return new Response(null, { status, headers: { "content-length": "0" } });
}

/** Assumed: a browser's preflight is granted; the recorded `vary` suggests that one is answered. */
export function preflight(headers: Headers): Response {
  const granted = empty(200);
  granted.headers.set("access-control-allow-methods", "GET, POST, DELETE");
  const asked = headers.get("access-control-request-headers");
  if (asked) granted.headers.set("access-control-allow-headers", asked);
  return granted;
}

/** Adds what every answer of the service carries. */
export function withCommonHeaders(answer: Response, requestId: string): Response {
  for (const [name, value] of Object.entries(COMMON_HEADERS)) answer.headers.set(name, value);
  answer.headers.set("x-request-id", requestId);
  return answer;
}
