import { markAuthorized } from "./authorized_headers.ts";
import { BedrockError } from "./errors.ts";
import { copiedHeaders, type HeadersSource } from "./headers.ts";
import { type OriginGuard, originGuard } from "./origin.ts";
import type { Authenticator } from "./request.ts";
import { isStream } from "./stream_body.ts";

/**
 * The provider contract of the OpenAI SDK, as read in its 6.45.0 to 7.57.0
 * (`src/internal/provider.ts`): copies of the SDK find providers by a registry on `globalThis`.
 */
interface ProviderDefinition {
  configure(): ProviderRuntime;
}

interface ProviderRuntime {
  readonly name: string;
  readonly baseURL: string;
  /** Since 7.48: the client's timeout covers authentication, and comes with the context. */
  readonly timeoutIncludesAuth: true;
  prepareRequest(request: ProviderRequest, context: ProviderContext): Promise<void>;
}

interface ProviderRequest {
  method?: string;
  headers?: HeadersSource;
  body?: unknown;
  redirect?: RequestRedirect;
  signal?: AbortSignal | null;
  duplex?: "half";
}

interface ProviderContext {
  readonly url: string;
  readonly options: { readonly signal?: AbortSignal | null };
  readonly timeout?: number;
}

const REGISTRY = Symbol.for("openai.node.providerDefinitions.v1");
const TIMEOUT = Symbol.for("openai.node.providerTimeout.v1");

/** Makes objects known as providers to every copy of the SDK, loaded before or after. */
export function registerProvider(
  handles: readonly object[],
  baseURL: string,
  authenticator: Authenticator,
): void {
  const shared = globalThis as { [REGISTRY]?: WeakMap<object, ProviderDefinition> };
  if (!shared[REGISTRY]) Object.defineProperty(shared, REGISTRY, { value: new WeakMap() });
  const trusted = originGuard(baseURL);
  const runtime: ProviderRuntime = {
    name: "bedrock",
    baseURL,
    timeoutIncludesAuth: true,
    prepareRequest: (request, context) => prepareRequest(trusted, authenticator, request, context),
  };
  for (const handle of handles) shared[REGISTRY]?.set(handle, { configure: () => runtime });
}

/**
 * Authenticates an attempt in place. Where the call's own signal has aborted it returns instead, as
 * every version of the SDK then raises its own abort error before it sends; an aborted
 * `fetchOptions.signal` alone goes unseen by some, so that one throws.
 */
async function prepareRequest(
  trusted: OriginGuard,
  authenticator: Authenticator,
  request: ProviderRequest,
  context: ProviderContext,
): Promise<void> {
  const { url, timeout } = context;
  const { signal } = context.options;
  const both = signal === request.signal ? [signal] : [signal, request.signal];
  const signals = both.filter((each) => each != null);
  const method = (request.method ?? "GET").toUpperCase();
  const headers = copiedHeaders(request.headers);
  if (headers.has("authorization")) {
    throw new BedrockError(
      "authorization_conflict",
      "The provider sets the `Authorization` header. Remove it from the headers of the client " +
        "and of the call, or authenticate by `apiKey` instead",
    );
  }
  try {
    const { body } = request;
    const sent = await authenticator.authorize({
      url,
      method,
      headers,
      body,
      signals,
      timeoutMs: timeout,
      credential: undefined,
    });
    const later = context.url;
    if (later !== url) trusted(later);
    request.method = method;
    request.redirect = "manual";
    request.headers = sent.headers;
    if (sent.body !== undefined) request.body = sent.body;
    if (isStream(sent.body)) request.duplex = "half";
    markAuthorized(sent.headers, {
      url,
      method,
      body: request.body,
      authenticator,
      credential: sent.credential,
      covered: sent.covered,
    });
  } catch (error) {
    if (signal?.aborted) return;
    throw timeout === undefined ? error : asProviderTimeout(error);
  }
}

/** Lets the SDK retry a lookup that used up the client's timeout like a connection that did. */
function asProviderTimeout(error: unknown): unknown {
  const timedOut = error instanceof BedrockError && error.code === "credentials_timeout";
  return timedOut ? Object.defineProperty(error, TIMEOUT, { value: true }) : error;
}
