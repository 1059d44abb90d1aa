import type { Authenticator } from "./auth/authenticator.ts";
import type { ProviderContext, ProviderRequest } from "./exchange/provider_request.ts";
import { lazy } from "./platform/lazy.ts";
import { defineHidden } from "./platform/read_options.ts";

/**
 * The provider contract of the OpenAI SDK, versions 6.45.0 to 7.57.0 (`src/internal/provider.ts`):
 * all copies of the SDK find providers in a registry on `globalThis`.
 */
interface ProviderDefinition {
  configure(): ProviderRuntime;
}

interface ProviderRuntime {
  readonly name: string;
  readonly baseURL: string;
  /** Since 7.48: the client's timeout covers authentication, and is passed in the context. */
  readonly timeoutIncludesAuth: true;
  prepareRequest(request: ProviderRequest, context: ProviderContext): Promise<void>;
}

const REGISTRY = Symbol.for("openai.node.providerDefinitions.v1");

/** Registers objects as providers with every copy of the SDK, whenever it is loaded. */
export function registerProvider(
  handles: readonly object[],
  baseURL: string,
  authenticator: Authenticator,
): void {
  const shared = globalThis as { [REGISTRY]?: WeakMap<object, ProviderDefinition> };
  if (!shared[REGISTRY]) {
    defineHidden(shared, { [REGISTRY]: new WeakMap() });
  }
  const preparation = lazy(async () => {
    const { createPreparation } = await import("./exchange/provider_request.ts");
    return createPreparation(baseURL, authenticator);
  });
  const runtime: ProviderRuntime = {
    name: "bedrock",
    baseURL,
    timeoutIncludesAuth: true,
    prepareRequest: async (request, context) => await (await preparation())(request, context),
  };
  for (const handle of handles) shared[REGISTRY]?.set(handle, { configure: () => runtime });
}
