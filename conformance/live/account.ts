import type { Bedrock, BedrockProviderOptions } from "../../mod.ts";

/** Makes a configured way to an account: `bedrock` of either entry. */
export type Connect = (options: BedrockProviderOptions) => Pick<Bedrock, "url" | "fetch">;

/** An account, whose answers come as the service gave them. */
export interface Account {
  readonly url: string;
  readonly fetch: typeof globalThis.fetch;
  /** Whether a text holds a token that was sent. */
  holdsSent(text: string): boolean;
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
    holdsSent: (text) => [...sent].some((token) => text.includes(token)),
    async fetch(input, init) {
      let came: Response | undefined;
      const { fetch } = connect({
        ...options,
        baseURL: url,
        async fetch(...call) {
          for (const token of tokensOf(call[1]?.headers)) sent.add(token);
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

function tokensOf(init: HeadersInit | undefined): string[] {
  const headers = new Headers(init);
  const bearer = /^Bearer (.+)$/.exec(headers.get("authorization") ?? "")?.[1];
  return [bearer, headers.get("x-amz-security-token")].filter((token) => token != null);
}
