import { EXAMPLE_CREDENTIALS, mantle, type ReceivedRequest } from "../conformance/mantle/mod.ts";
import { type Handler, serve } from "../conformance/mantle/serve.ts";

/** Credentials that the local server knows, with a session token. */
export const SESSION_CREDENTIALS = {
  accessKeyId: "ASIAEXAMPLE",
  secretAccessKey: "session/SECRET+key",
  sessionToken: "session-token//+==",
};

/** The local server over a real socket, and what it received. */
export interface LocalMantle {
  /** The root that gpt-5 models are served under. */
  readonly baseURL: string;
  readonly origin: string;
  readonly received: ReceivedRequest[];
}

/**
 * Runs a test against the local server, which stops afterwards.
 *
 * @param intercept Answers some requests itself; `undefined` lets the server answer.
 */
export async function withMantle(
  run: (local: LocalMantle) => Promise<void>,
  intercept?: (request: Request) => Response | undefined,
): Promise<void> {
  const received: ReceivedRequest[] = [];
  const credentials = [EXAMPLE_CREDENTIALS, SESSION_CREDENTIALS];
  const answer = mantle({ credentials, observe: (request) => received.push(request) });
  const handler: Handler = (request) => intercept?.(request) ?? answer(request);
  const server = await serve(handler);
  try {
    await run({ baseURL: `${server.url}/openai/v1`, origin: server.url, received });
  } finally {
    await server.close();
  }
}
