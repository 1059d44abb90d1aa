import { bedrock } from "../../aws.ts";
import { EXAMPLE_BEARER_TOKEN, EXAMPLE_CREDENTIALS } from "../../conformance/mantle/mod.ts";
import type { MantleOptions } from "../../conformance/mantle/mod.ts";
import { randomKey } from "../../proxy/admission.ts";
import { proxy } from "../../proxy/handler.ts";
import { apiRoots } from "../../proxy/paths.ts";
import { type LocalMantle, withMantleAs, withServer } from "./local_mantle.ts";

/** Both ways to authenticate against the local server, for whom a body is held or streamed. */
export const WAYS = {
  "a bearer token": { apiKey: EXAMPLE_BEARER_TOKEN },
  "AWS keys": { ...EXAMPLE_CREDENTIALS, region: "us-west-2" },
} as const;

/** The name of a way to authenticate. */
export type Way = keyof typeof WAYS;

/** A proxy over a real socket, in front of the local server. */
export interface LocalProxy {
  readonly origin: string;
  readonly baseURL: string;
  readonly key: string;
  /** The headers that a request must have. */
  readonly headers: { readonly authorization: string };
  readonly upstream: LocalMantle;
}

interface Setup extends Pick<MantleOptions, "chunkDelayMs"> {
  readonly way?: Way;
  readonly bufferLimit?: number;
  /** Responds to some requests in place of the local server. */
  readonly intercept?: (request: Request) => Response | undefined;
}

/** Runs a test against a proxy, which stops afterwards. */
export function withProxy(
  run: (local: LocalProxy) => Promise<void>,
  { way = "a bearer token", bufferLimit = 1 << 20, chunkDelayMs, intercept }: Setup = {},
): Promise<void> {
  return withMantleAs({ ...(chunkDelayMs !== undefined && { chunkDelayMs }) }, (upstream) => {
    const { baseURL: url } = upstream;
    const key = randomKey();
    const handler = proxy({
      url,
      roots: apiRoots(url, "mantle"),
      fetch: bedrock({ ...WAYS[way], baseURL: url, endpoint: "mantle", env: {} }).fetch,
      key,
      bufferLimit: way === "AWS keys" ? bufferLimit : undefined,
    });
    const headers = { authorization: `Bearer ${key}` };
    return withServer(
      handler,
      (origin) => run({ origin, baseURL: `${origin}/openai/v1`, key, headers, upstream }),
    );
  }, intercept);
}
