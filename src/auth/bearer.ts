import type { Endpoint } from "../endpoint/endpoint.ts";
import { copyBody } from "../platform/body.ts";
import type { Pair } from "../platform/headers.ts";
import { assertKeyRegion, decodeKey, findCertainRegion } from "./api_key.ts";
import type { Scheme } from "./authenticator.ts";
import type { BearerPlan } from "./plan.ts";

/** Sends a bearer token, and refuses a short-term key for another region. */
export function bearerScheme(plan: BearerPlan, endpoint: Endpoint): Scheme<string, unknown> {
  const { level, source, renewal } = plan;
  const shownSource = level === "options" ? `{${source}}` : source;
  const region = findCertainRegion(endpoint);
  return {
    mode: "bearer",
    renewal,
    takeBody: (body) => {
      const copy = copyBody(body);
      return () => copy;
    },
    async lookUp(properties) {
      const token = await plan.token(properties);
      if (region !== undefined) assertKeyRegion(token, shownSource, region);
      return token;
    },
    attach({ url, headers, body }, token) {
      const header: Pair = ["authorization", `Bearer ${token}`];
      headers.set(...header);
      return { url, body, covered: [header], isSealed: false };
    },
    same: (one, other) => one === other,
    describe(token) {
      const { region, expiration } = decodeKey(token) ?? {};
      return { region, expiration, foundIn: undefined, skipped: undefined };
    },
  };
}
