import { preflight } from "../mantle/http_responses.ts";

type Handler = (request: Request) => Promise<Response>;

/**
 * Lets pages of any origin ask, as services must that AWS's SDK for JavaScript uses in browsers.
 *
 * Assumed: the headers.
 */
export function withCors(handler: Handler): Handler {
  return async (request) => {
    const isPreflight = request.method === "OPTIONS" &&
      request.headers.has("access-control-request-method");
    const response = isPreflight ? preflight(request.headers) : await handler(request);
    response.headers.set("access-control-allow-origin", "*");
    return response;
  };
}
