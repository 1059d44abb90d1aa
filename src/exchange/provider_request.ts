import type { Authenticator } from "../auth/authenticator.ts";
import { handOff } from "../auth/handoff.ts";
import { guardOrigin, type OriginGuard } from "../endpoint/hosts.ts";
import { BedrockError } from "../errors.ts";
import { isStream } from "../platform/body.ts";
import { copyHeaders, type HeadersSource } from "../platform/headers.ts";

/** The members of an SDK request that are used here. */
export interface ProviderRequest {
  method?: string;
  headers?: HeadersSource;
  body?: unknown;
  redirect?: RequestRedirect;
  signal?: AbortSignal | null;
  duplex?: "half";
}

/** The context of an attempt, from the SDK. */
export interface ProviderContext {
  readonly url: string;
  readonly options: { readonly signal?: AbortSignal | null };
  readonly timeout?: number;
}

const TIMEOUT = Symbol.for("openai.node.providerTimeout.v1");

/** Authenticates the attempts that the OpenAI client makes through its provider. */
export type Preparation = (request: ProviderRequest, context: ProviderContext) => Promise<void>;

/** Creates the function that authenticates the attempts of a client. */
export function createPreparation(baseURL: string, authenticator: Authenticator): Preparation {
  const trusted = guardOrigin(baseURL);
  return (request, context) => prepareRequest(trusted, authenticator, request, context);
}

/**
 * Authenticates an attempt in place. If the call's own signal has aborted, it returns: every
 * version of the SDK then raises its own abort error before sending. Some ignore an aborted
 * `fetchOptions.signal`, so that one throws.
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
      "The provider sets the `Authorization` header itself. Remove it from the headers of the " +
        "client and the call, or pass the key as `apiKey`",
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

/**
 * Marks a lookup that used up the client's timeout, so that the SDK retries it like a slow
 * connection.
 */
function asProviderTimeout(error: unknown): unknown {
  const timedOut = error instanceof BedrockError && error.code === "credentials_timeout";
  return timedOut ? Object.defineProperty(error, TIMEOUT, { value: true }) : error;
}
