import { BedrockError } from "../errors.ts";
import type { Fetch } from "../options.ts";
import { throwIfAborted } from "../platform/deadline.ts";
import { isPermitted } from "../platform/environment.ts";
import type { MaybePromise } from "../platform/lazy.ts";
import type { RetryingPlatform } from "../platform/retrying_platform.ts";
import { assertResponse, isRedirect } from "../platform/responses.ts";

/** A request as it is sent once. */
export interface Message {
  readonly method: "GET" | "POST";
  readonly url: string;
  readonly headers: Headers;
  readonly body?: string | undefined;
}

/** A response, read to its end. */
export interface Reply {
  readonly status: number;
  readonly headers: Headers;
  readonly text: string;
}

/** Why another attempt may succeed: the failure may pass, or there were too many requests. */
export type Passing = "transient" | "throttled";

/** The service that requests go to, and the way there. */
export interface Wire {
  /** The name of the service in messages. */
  readonly name: string;
  /** Instead of the global `fetch`, as it is at call time. */
  readonly fetch: Fetch | undefined;
  readonly platform: RetryingPlatform;
}

const MAX_ATTEMPTS = 3;

/** The longest first wait before a retry, as AWS's SDK for JavaScript has it (`@smithy/core` 3.41). */
const BASE_MS = { transient: 50, throttled: 1_000 };

const TRANSIENT: readonly number[] = [500, 502, 503, 504];

/**
 * Sends a request up to three times, as AWS's own clients do, where its failure may pass.
 *
 * @param prepare Makes the request of one attempt, as a signature has its time.
 * @param whyPassing Says why a response that is not `ok` may pass, besides its status.
 * @throws {BedrockError} `credentials_failed` where no connection is made, or for a redirect;
 * `permission_missing` where Deno denies it
 */
export async function sendRetrying(
  wire: Wire,
  prepare: () => MaybePromise<Message>,
  signal: AbortSignal,
  whyPassing: (reply: Reply, sent: Message) => Passing | undefined = () => undefined,
): Promise<Reply> {
  for (let attempt = 1;; attempt++) {
    const isLast = attempt === MAX_ATTEMPTS;
    const message = await prepare();
    let passing: Passing = "transient";
    try {
      const reply = await send(wire, message, signal);
      const found = reply.status < 300
        ? undefined
        : ofStatus(reply.status) ?? whyPassing(reply, message);
      if (found === undefined || isLast) return reply;
      passing = found;
    } catch (error) {
      if (error instanceof BedrockError || signal.aborted) throw error;
      if (isLast) throw noConnection(wire, message, error);
    }
    await wire.platform.sleep(Math.random() * BASE_MS[passing] * 2 ** (attempt - 1));
    throwIfAborted([signal]);
  }
}

function ofStatus(status: number): Passing | undefined {
  if (status === 429) return "throttled";
  return TRANSIENT.includes(status) ? "transient" : undefined;
}

async function send({ name, fetch }: Wire, message: Message, signal: AbortSignal): Promise<Reply> {
  const { url, method, headers, body } = message;
  if (!fetch) assertPermitted(new URL(url));
  // Without a prototype, from which a platform would read what is not set
  const init = {
    __proto__: null,
    method,
    headers,
    body,
    signal,
    redirect: "manual",
  } as RequestInit;
  const response = await (fetch ? fetch(url, init) : globalThis.fetch(url, init));
  assertResponse(response);
  if (isRedirect(response)) {
    response.body?.cancel?.().catch(() => {});
    throw new BedrockError(
      "credentials_failed",
      `${name} at ${
        new URL(url).host
      } redirected, which is not followed, as credentials would be ` +
        "sent along. Set the URL to where requests should go",
    );
  }
  return { status: response.status, headers: response.headers, text: await readText(response) };
}

/** Asks Deno for no more than this host; without asking it would prompt. */
function assertPermitted({ host, hostname, port, protocol }: URL): void {
  const withPort = `${hostname}:${port || (protocol === "http:" ? 80 : 443)}`;
  if (isPermitted({ name: "net", host: withPort })) return;
  const flag = `--allow-net=${host}`;
  throw new BedrockError("permission_missing", `Deno denies access to ${host}. Add ${flag}`, {
    flag,
  });
}

/** Responses with credentials are shorter. */
const MAX_TEXT = 65_536;

/** Reads the text of a response; of a longer one, only the beginning. */
async function readText(response: Response): Promise<string> {
  const reader = response.body?.getReader?.();
  // The `fetch` of a package may have bodies of its own
  if (!reader) return await response.text();
  const decoder = new TextDecoder();
  let text = "";
  for (;;) {
    const { done, value } = await reader.read();
    text += decoder.decode(value, { stream: !done });
    if (!done && text.length <= MAX_TEXT) continue;
    if (!done) reader.cancel().catch(() => {});
    return text;
  }
}

function noConnection({ name }: Wire, { url }: Message, cause: unknown): BedrockError {
  return new BedrockError(
    "credentials_failed",
    `No connection to ${name} at ${
      new URL(url).host
    } was made in ${MAX_ATTEMPTS} attempts. Check ` +
      "the network, and the URL or the region{cause}",
    { cause },
  );
}
