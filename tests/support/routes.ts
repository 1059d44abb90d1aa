import http from "node:http";
import https from "node:https";

/** Where requests go instead of to hosts that cannot be had here. */
let route: URL | undefined;

const isElsewhere = (host: string) => !/^(?:127\.[\d.]+|localhost|\[?::1\]?)$/.test(host);

type Send = typeof http.request;

/** AWS's packages take what `node:http` has when they are loaded, so this lasts as long as the process. */
function redirect(send: Send, scheme: string): Send {
  return ((options: http.RequestOptions, ...more: []) => {
    const host = options.hostname ?? options.host ?? "";
    if (!route || typeof options !== "object" || !isElsewhere(host)) return send(options, ...more);
    const headers = { ...options.headers as Record<string, string>, host: route.host };
    return http.request({
      ...options,
      agent: false,
      protocol: "http:",
      host: route.hostname,
      hostname: route.hostname,
      port: route.port,
      headers: { ...headers, "x-first-origin": originOf(scheme, host, options.port) },
    }, ...more);
  }) as Send;
}

function originOf(scheme: string, host: string, port: unknown): string {
  const name = host.includes(":") && !host.startsWith("[") ? `[${host}]` : host;
  return new URL(`${scheme}://${name}${port ? `:${port}` : ""}`).origin;
}

http.request = redirect(http.request, "http");
https.request = redirect(https.request, "https");

/** Runs while requests to the hosts of AWS go to a server here, which is told what they were for. */
export async function withRoute<T>(to: string, run: () => Promise<T>): Promise<T> {
  const { fetch } = globalThis;
  const unlock = permitHosts();
  route = new URL(to);
  globalThis.fetch = (input, init) => {
    const url = new URL(input instanceof Request ? input.url : input);
    if (!isElsewhere(url.hostname)) return fetch(input, init);
    const headers = new Headers(init?.headers);
    headers.set("x-first-origin", url.origin);
    return fetch(to + url.pathname + url.search, { ...init, headers });
  };
  try {
    return await run();
  } finally {
    globalThis.fetch = fetch;
    route = undefined;
    unlock();
  }
}

interface Permissions {
  querySync(permission: { readonly name: string }): unknown;
}

/** Deno denies these hosts to tests, as nothing shall be sent there. */
function permitHosts(): () => void {
  const { Deno: deno } = globalThis as { Deno?: { permissions: Permissions } };
  if (!deno) return () => {};
  const { permissions } = deno;
  const { querySync } = permissions;
  permissions.querySync = (permission) =>
    permission.name === "net" ? { state: "granted" } : querySync.call(permissions, permission);
  return () => {
    permissions.querySync = querySync;
  };
}
