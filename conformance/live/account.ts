import type { Bedrock, BedrockProviderOptions } from "../../mod.ts";

/** Makes a configured way to an account: `bedrock` of either entry. */
export type Connect = (options: BedrockProviderOptions) => Pick<Bedrock, "url" | "fetch">;

/** An account, whose answers come as the service gave them. */
export interface Account {
  readonly url: string;
  readonly fetch: typeof globalThis.fetch;
  /** The secrets that were sent until now: tokens, access key ids and signatures. */
  sent(): readonly string[];
}

/**
 * Opens an account, whose requests are authenticated by this module, but neither moved to another
 * path nor explained: what the service itself does is what a live run is about.
 */
export function openAccount(connect: Connect, options: BedrockProviderOptions): Account {
  const { url } = connect(options);
  const sent = new Set<string>();
  return {
    url,
    sent: () => [...sent],
    async fetch(input, init) {
      let came: Response | undefined;
      const { fetch } = connect({
        ...options,
        baseURL: url,
        async fetch(...call) {
          for (const secret of secretsOf(call[1]?.headers)) sent.add(secret);
          came = await globalThis.fetch(...call);
          return came.clone();
        },
      });
      const answer = await fetch(input, init);
      if (!came) return answer;
      answer.body?.cancel().catch(() => {});
      return came;
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
