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
