import type { Context } from "../case.ts";

/** Creates options for Bedrock Runtime: AWS's host in replay, the local one over sockets. */
export function onRuntime({ baseURL, region }: Context, root = "/openai/v1") {
  const { origin, hostname } = new URL(baseURL);
  const aws = `https://bedrock-runtime.${region}.amazonaws.com`;
  const host = hostname.endsWith(".api.aws") ? aws : origin;
  return { endpoint: "runtime", region, baseURL: host + root } as const;
}
