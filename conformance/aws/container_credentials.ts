import { json } from "../mantle/answers.ts";
import { sameSecret } from "../../loopback/constant_time.ts";
import { AwsRefusal, handlerOf } from "./service.ts";
import type { ServiceOptions } from "./service.ts";
import { metadataDocument } from "./temporary_credentials.ts";
import type { IssuedOptions } from "./temporary_credentials.ts";

/** What a container may have. */
export interface ContainerCredentialsOptions extends ServiceOptions, IssuedOptions {
  /** The path of the credentials. @default {"/v1/credentials"}, that of EKS Pod Identity */
  readonly path?: string;
  /** What must stand in the `Authorization` header, where there is one. */
  readonly authorization?: string;
}

/**
 * The endpoint that containers get credentials from: the agent of ECS, by a full or a relative URI,
 * and that of EKS Pod Identity.
 *
 * @param options What it gives out, and to whom.
 * @returns A handler, which answers what it refuses in the shape of the service.
 *
 * @example A token is asked for
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
  return handlerOf({
    operation: () => "GetCredentials",
    // Assumed: the codes and texts. Those of ECS, of EKS and of other agents differ.
    refused: ({ status, code, message }) => json({ Code: code, Message: message }, status),
    answer({ method, url, headers }) {
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
