import type { Bedrock, BedrockProviderOptions } from "../../mod.ts";

/** Configures access to an account: `bedrock` of either entry. */
export type Connect = (options: BedrockProviderOptions) => Pick<Bedrock, "url" | "fetch">;

/** An account, whose responses arrive unchanged. */
export interface Account {
  readonly url: string;
  readonly fetch: typeof globalThis.fetch;
  /** Lists the secrets that were sent so far: tokens, access key ids and signatures. */
  sent(): readonly string[];
}

/**
 * Opens an account. This module only authenticates its requests: paths and errors stay as they are,
 * so that a live run shows what the service itself does.
 */
export function openAccount(connect: Connect, options: BedrockProviderOptions): Account {
  const { url } = connect(options);
  const sent = new Set<string>();
  return {
    url,
    sent: () => [...sent],
    async fetch(input, init) {
      let response: Response | undefined;
      const { fetch } = connect({
        ...options,
        baseURL: url,
        async fetch(...call) {
          for (const secret of secretsOf(call[1]?.headers)) sent.add(secret);
          response = await globalThis.fetch(...call);
          return response.clone();
        },
      });
      const processed = await fetch(input, init);
      if (!response) return processed;
      processed.body?.cancel().catch(() => {});
      return response;
    },
  };
}

function secretsOf(init: HeadersInit | undefined): string[] {
  const headers = new Headers(init);
  const authorization = headers.get("authorization") ?? "";
  return [
    /^Bearer (.+)$/.exec(authorization)?.[1],
    /\bCredential=([^/,\s]+)/.exec(authorization)?.[1],
    /\bSignature=(\w+)/.exec(authorization)?.[1],
    headers.get("x-amz-security-token"),
  ].filter((secret) => secret != null);
}
