import type { AuthPlan } from "../auth.ts";
import type { Endpoint } from "../endpoint.ts";
import { BedrockError } from "../errors.ts";
import { parseCanonicalHost } from "../host.ts";
import { decodeKey } from "./decode.ts";

/** Makes a plan refuse a short-term key of another region than the endpoint's before it is sent. */
export function inOwnRegion(plan: AuthPlan, endpoint: Endpoint): AuthPlan {
  const region = certainRegion(endpoint);
  if (plan.mode !== "bearer" || region === undefined) return plan;
  const token: typeof plan.token = async (properties) => {
    const token = await plan.token(properties);
    const source = plan.level === "options" ? `\`${plan.source}\`` : plan.source;
    assertOwnRegion(token, source, region);
    return token;
  };
  return { ...plan, token };
}

/** A variable does not tell where a custom host is: it may be set for something else. */
function certainRegion({ baseURL, region, sources }: Endpoint): string | undefined {
  const canonical = parseCanonicalHost(new URL(baseURL).hostname) !== undefined;
  return canonical || sources.region === "`region`" ? region : undefined;
}

function assertOwnRegion(token: string, source: string, region: string): void {
  const keyRegion = decodeKey(token)?.region;
  if (keyRegion === undefined || keyRegion === region) return;
  throw new BedrockError(
    "region_mismatch",
    `The short-term key from ${source} is good for ${keyRegion} only, and the endpoint is in ` +
      `${region}. Mint a key for ${region}, or set \`region\` to ${keyRegion}`,
  );
}
