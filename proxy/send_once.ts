import type { Fetch } from "../src/options.ts";

interface DenoNamespace {
  readonly createHttpClient?: (options: { readonly poolMaxIdlePerHost: number }) => object;
}

/**
 * Makes a `fetch` that sends a request once, or returns nothing where the platform's does so already.
 *
 * If a kept connection is lost before the response, Deno's `fetch` sends any request
 * again (denoland/deno#35610), and Bun's those of methods that are idempotent. A proxy must not do
 * the first (RFC 9110, section 9.2.2), as the model would be asked twice. So the requests in question
 * have a connection each.
 */
export function sendOnce(): Fetch | undefined {
  const { Deno, Bun } = globalThis as { readonly Deno?: DenoNamespace; readonly Bun?: unknown };
  const client = Deno?.createHttpClient?.({ poolMaxIdlePerHost: 0 });
  if (client !== undefined) return withInit({ client });
  if (Bun === undefined) return undefined;
  const unkept = withInit({ keepalive: false });
  return (input, init) =>
    /^(?:POST|PATCH)$/.test(init?.method ?? "") ? fetch(input, init) : unkept(input, init);
}

function withInit(more: object): Fetch {
  return (input, init) => fetch(input, { ...init, ...more });
}
