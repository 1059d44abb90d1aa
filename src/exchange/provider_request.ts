import type { Authenticator } from "../auth/authenticator.ts";
import { isStream } from "../auth/body.ts";
import { handOff } from "../auth/handoff.ts";
import { guardOrigin, type OriginGuard } from "../endpoint/hosts.ts";
import { BedrockError } from "../errors.ts";
import { copyHeaders, type HeadersSource } from "../platform/headers.ts";

/** The parts of a request of the SDK that matter here. */
export interface ProviderRequest {
  method?: string;
  headers?: HeadersSource;
  body?: unknown;
  redirect?: RequestRedirect;
  signal?: AbortSignal | null;
  duplex?: "half";
}

/** What the SDK says of an attempt. */
export interface ProviderContext {
  readonly url: string;
  readonly options: { readonly signal?: AbortSignal | null };
  readonly timeout?: number;
}

const TIMEOUT = Symbol.for("openai.node.providerTimeout.v1");

/** Authenticates the attempts that the OpenAI client makes through its provider. */
export type Preparation = (request: ProviderRequest, context: ProviderContext) => Promise<void>;

/** Creates what authenticates the attempts of a client. */
export function createPreparation(baseURL: string, authenticator: Authenticator): Preparation {
  const trusted = guardOrigin(baseURL);
  return (request, context) => prepareRequest(trusted, authenticator, request, context);
}

/**
 * Authenticates an attempt in place. If the call's own signal has aborted it returns instead, as
 * every version of the SDK then raises its own abort error before it sends; some do not notice an
 * aborted `fetchOptions.signal` alone, so that one throws.
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
  const headers = copyHeaders(request.headers);
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
    const { credential, covered, isSealed } = sent;
    const note = { url, method, body: request.body, authenticator, credential, covered, isSealed };
    handOff(sent.headers, note);
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
