import type { Bedrock, BedrockProviderOptions } from "../../mod.ts";

/** Makes a configured way to an account: `bedrock` of either entry. */
export type Connect = (options: BedrockProviderOptions) => Pick<Bedrock, "url" | "fetch">;

/** An account, whose answers come as the service gave them. */
export interface Account {
  readonly url: string;
  readonly fetch: typeof globalThis.fetch;
}

/**
 * Opens an account, whose requests are authenticated by this module, but neither moved to another
 * path nor explained: what the service itself does is what a live run is about.
 */
export function openAccount(connect: Connect, options: BedrockProviderOptions = {}): Account {
  const { url } = connect(options);
  return {
    url,
    async fetch(input, init) {
      let came: Response | undefined;
      const { fetch } = connect({
        ...options,
        baseURL: url,
        fetch: async (...call) => (came = await globalThis.fetch(...call)).clone(),
      });
      const answer = await fetch(input, init);
      if (!came) return answer;
      answer.body?.cancel().catch(() => {});
      return came;
    },
  };
}
