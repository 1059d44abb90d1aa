/**
 * Third-party clients of the local server: the official provider, and aws4fetch, whose requests can
 * be changed before they are sent.
 *
 * @module
 */
import assert from "node:assert/strict";
import { AwsClient } from "aws4fetch";
import OpenAI from "openai";
import { bedrock as bearerProvider } from "openai/providers/bedrock";
import { bedrock as awsProvider } from "openai/providers/bedrock/aws";
import { EXAMPLE_BEARER_TOKEN, EXAMPLE_CREDENTIALS } from "../../conformance/mantle/mod.ts";
import { withMantle } from "./local_mantle.ts";

export const REGION = "us-west-2";
export const GPT = "openai.gpt-5.5";
export const OSS = "openai.gpt-oss-120b";
/** A model of each path. */
export const FAMILIES = { "/openai/v1": GPT, "/v1": OSS };

export const BEARER = { authorization: `Bearer ${EXAMPLE_BEARER_TOKEN}` };

export function awsClient(baseURL: string, endpoint: "mantle" | "runtime" = "mantle"): OpenAI {
  const provider = awsProvider({ ...EXAMPLE_CREDENTIALS, baseURL, endpoint, region: REGION });
  return new OpenAI({ provider, maxRetries: 0 });
}

export function bearerClient(baseURL: string): OpenAI {
  const provider = bearerProvider({ apiKey: EXAMPLE_BEARER_TOKEN, baseURL, endpoint: "mantle" });
  return new OpenAI({ provider, maxRetries: 0 });
}

export const PATH = "/openai/v1/responses?color=red";
/** The local server's response to "Say hello!". */
export const ANSWER = 'Hello! You said: "Say hello!"';
export const BODY = JSON.stringify({ model: GPT, input: "Hi" });

interface Signing {
  accessKeyId?: string;
  secretAccessKey?: string;
  sessionToken?: string;
  service?: string;
  region?: string;
  datetime?: string;
  headers?: Record<string, string>;
}

/** Signs a request with aws4fetch, so that it can be changed before it is sent. */
export async function signed(url: string, { headers, datetime, ...signing }: Signing = {}) {
  const options = { ...EXAMPLE_CREDENTIALS, service: "bedrock-mantle", region: REGION, ...signing };
  const { sessionToken, ...rest } = options;
  const client = new AwsClient({ ...rest, ...(sessionToken ? { sessionToken } : {}) });
  const request = await client.sign(url, {
    method: "POST",
    headers: { "content-type": "application/json", ...headers },
    body: BODY,
    aws: { allHeaders: true, ...(datetime ? { datetime } : {}) },
  });
  return { url, headers: new Headers(request.headers), body: BODY };
}

type Signed = Awaited<ReturnType<typeof signed>>;

/** Returns the outcome of a request: "accepted", or the message of the refusal. */
export async function outcome({ url, headers, body }: Signed): Promise<string> {
  const response = await fetch(url, { method: "POST", headers, body });
  const { error } = await response.json();
  if (!error) return "accepted";
  assert.deepEqual([response.status, error.code, error.type, error.param], [
    401,
    "invalid_api_key",
    "permission_denied_error",
    null,
  ]);
  return error.message;
}

/** A valid request, except for how it is signed or tampered with. */
export interface Attempt {
  sign?: Signing;
  query?: string;
  tamper?: (request: Signed) => unknown;
  refused?: RegExp;
}

/** Checks that an attempt is accepted, or refused as it should be. */
export async function tryOut({ sign, query, tamper, refused }: Attempt): Promise<void> {
  await withMantle(async ({ origin, received }) => {
    const request = await signed(origin + (query ? `/openai/v1/responses${query}` : PATH), sign);
    tamper?.(request);
    const message = await outcome(request);
    if (refused) assert.match(message, refused);
    else assert.equal(message, "accepted");
    assert.equal(received.length, 1);
    const isBearer = request.headers.get("authorization")?.startsWith("Bearer");
    assert.equal(received[0]?.auth, refused ? undefined : isBearer ? "bearer" : "sigv4");
  });
}

export const MISMATCH = /^The request signature we calculated does not match/;

/** Changes the Authorization header, in which the pattern must occur. */
export function rewrite({ headers }: Signed, pattern: RegExp, replacement: string): void {
  const authorization = headers.get("authorization") ?? "";
  assert.match(authorization, pattern);
  headers.set("authorization", authorization.replace(pattern, replacement));
}
