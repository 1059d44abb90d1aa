import { EXAMPLE_CREDENTIALS, mantle } from "../../conformance/mantle/mod.ts";
import type { MantleOptions, ReceivedRequest } from "../../conformance/mantle/mod.ts";
import { serve } from "../../conformance/mantle/serve.ts";
import type { Handler, ServeOptions } from "../../conformance/mantle/serve.ts";

/** Credentials with a session token that the local server knows. */
export const SESSION_CREDENTIALS = {
  accessKeyId: "ASIAEXAMPLE",
  secretAccessKey: "session/SECRET+key",
  sessionToken: "session-token//+==",
};

/** The local server over a real socket, and the requests it received. */
export interface LocalMantle {
  /** The root that gpt-5 models are served under. */
  readonly baseURL: string;
  readonly origin: string;
  readonly received: ReceivedRequest[];
}

/** Runs a test against any handler over a real socket, which closes afterwards. */
export async function withServer(
  handler: Handler,
  run: (origin: string) => Promise<void>,
  options?: ServeOptions,
): Promise<void> {
  const server = await serve(handler, options);
  try {
    await run(server.url);
  } finally {
    await server.close();
  }
}

/**
 * Runs a test against the local server, which stops afterwards.
 *
 * @param intercept Responds to some requests itself; `undefined` lets the server respond.
 */
export function withMantle(
  run: (local: LocalMantle) => Promise<void>,
  intercept?: (request: Request) => Response | undefined,
): Promise<void> {
  return withMantleAs({}, run, intercept);
}

/** Runs a test against a local server with options. */
export function withMantleAs(
  options: Omit<MantleOptions, "credentials" | "observe">,
  run: (local: LocalMantle) => Promise<void>,
  intercept?: (request: Request) => Response | undefined,
): Promise<void> {
  const received: ReceivedRequest[] = [];
  const credentials = [EXAMPLE_CREDENTIALS, SESSION_CREDENTIALS];
  const observe = (request: ReceivedRequest) => void received.push(request);
  const handler = mantle({ ...options, credentials, observe });
  return withServer(
    (request) => intercept?.(request) ?? handler(request),
    (origin) => run({ baseURL: `${origin}/openai/v1`, origin, received }),
  );
}
