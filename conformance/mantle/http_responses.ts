export { refused } from "../../loopback/refusal.ts";

const encoder = new TextEncoder();

// Observed on every recorded response (pydantic/pydantic-ai, test_bedrock_mantle cassettes)
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

/** Creates a response of exactly these bytes. */
export function bytes(body: Uint8Array<ArrayBuffer>, contentType: string): Response {
  const headers = { "content-type": contentType, "content-length": `${body.length}` };
  return new Response(body, { headers });
}

/** Creates a JSON response from its text. */
export function jsonText(text: string, status = 200): Response {
  const body = encoder.encode(text);
  const headers = { "content-type": "application/json", "content-length": `${body.length}` };
  return new Response(body, { status, headers });
}

/** Creates a JSON response. */
export function json(value: unknown, status = 200): Response {
  return jsonText(JSON.stringify(value), status);
}

/** Creates a response without a body. */
export function empty(status: number): Response {
  return new Response(null, { status, headers: { "content-length": "0" } });
}

/** Grants a browser's preflight. Assumed: the recorded `vary` suggests that the service does so. */
export function preflight(headers: Headers): Response {
  const granted = empty(200);
  granted.headers.set("access-control-allow-methods", "GET, POST, DELETE");
  const asked = headers.get("access-control-request-headers");
  if (asked) granted.headers.set("access-control-allow-headers", asked);
  return granted;
}

/** Adds the headers of every response of the service. */
export function withCommonHeaders(response: Response, requestId: string): Response {
  for (const [name, value] of Object.entries(COMMON_HEADERS)) response.headers.set(name, value);
  response.headers.set("x-request-id", requestId);
  return response;
}
