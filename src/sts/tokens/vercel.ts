import { readProperty } from "../../platform/read_options.ts";
import { readWebToken } from "../token.ts";
import { missingToken } from "./request.ts";
import type { SourcePlan, VercelOptions } from "./sources.ts";

const HEADER = "x-vercel-oidc-token";
const VARIABLE = "VERCEL_OIDC_TOKEN";

/**
 * The place where Vercel keeps the request that a function serves, as its own package reads it (`@vercel/oidc`,
 * `get-context.ts`).
 */
const CONTEXT = Symbol.for("@vercel/request-context");

/**
 * Reads the token that Vercel gives a function with each request, and a build in a variable.
 *
 * @see https://vercel.com/docs/oidc/reference
 */
export function readVercelToken({ options, env }: SourcePlan<VercelOptions>): string {
  const token = readHeader(options.headers) ?? readHeader(contextHeaders());
  if (token) return readWebToken(token, `the header ${HEADER}`);
  const variable = env.get(VARIABLE);
  if (variable !== undefined) return readWebToken(variable, VARIABLE);
  throw missingToken(
    env,
    `There is no header ${HEADER}, and ${VARIABLE} is not set. Enable OIDC in the settings of the ` +
      "Vercel project, and call this while a request is served",
  );
}

function contextHeaders(): object | undefined {
  const context = (globalThis as { [CONTEXT]?: { get?(): { headers?: object } } })[CONTEXT];
  return context?.get?.()?.headers;
}

function readHeader(headers: object | undefined): unknown {
  if (headers === undefined) return undefined;
  return (headers instanceof Headers ? headers.get(HEADER) : readProperty(headers, HEADER)) ??
    undefined;
}
