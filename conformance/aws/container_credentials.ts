import { json } from "../mantle/http_responses.ts";
import { sameSecret } from "../../loopback/constant_time.ts";
import { AwsRefusal, createHandler } from "./service.ts";
import type { ServiceOptions } from "./service.ts";
import { metadataDocument } from "./temporary_credentials.ts";
import type { IssuedOptions } from "./temporary_credentials.ts";

/** The options of the container endpoint. */
export interface ContainerCredentialsOptions extends ServiceOptions, IssuedOptions {
  /** The path of the credentials. @default {"/v1/credentials"}, that of EKS Pod Identity */
  readonly path?: string;
  /** The value that the `Authorization` header must have, if any. */
  readonly authorization?: string;
}

/**
 * Creates the endpoint that gives containers credentials: the agent of ECS, by a full or a relative
 * URI, or that of EKS Pod Identity.
 *
 * @param options The credentials, and the token that requests must carry.
 * @returns A handler, which refuses requests in the format of the service.
 *
 * @example A container with a token
 * ```ts
 * import assert from "node:assert/strict";
 * import { containerCredentials } from "@mantle/bedrock/aws-endpoints";
 *
 * const credentials = { accessKeyId: "ASIAEXAMPLE", secretAccessKey: "s", sessionToken: "t" };
 * const agent = containerCredentials({ credentials, authorization: "token-of-the-pod" });
 * const ask = (authorization: string) =>
 *   agent(new Request("http://127.0.0.1/v1/credentials", { headers: { authorization } }));
 * assert.equal((await ask("token-of-the-pod")).status, 200);
 * assert.equal((await ask("another")).status, 401);
 * ```
 */
export function containerCredentials(
  options: ContainerCredentialsOptions,
): (request: Request) => Promise<Response> {
  const { path = "/v1/credentials", authorization, now = Date.now } = options;
  return createHandler({
    operation: () => "GetCredentials",
    // Assumed: the codes and texts; those of ECS, EKS and other agents differ
    refuse: ({ status, code, message }) => json({ Code: code, Message: message }, status),
    respond({ method, url, headers }) {
      if (method !== "GET" || url.pathname !== path) {
        throw new AwsRefusal(404, "NotFound", "No credentials at this path");
      }
      const given = headers.get("authorization") ?? "";
      if (authorization !== undefined && !sameSecret(given, authorization)) {
        throw new AwsRefusal(401, "AccessDenied", "The authorization token is missing or wrong");
      }
      return json(metadataDocument(options, now()));
    },
  }, options);
}
