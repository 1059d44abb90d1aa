import type { Received } from "../mantle/exchange.ts";
import { assumeRole } from "./assume_role.ts";
import type { Role } from "./assume_role.ts";
import { assumeRoleWithWebIdentity } from "./assume_role_with_web_identity.ts";
import type { FederatedRole } from "./assume_role_with_web_identity.ts";
import { withCors } from "./cors.ts";
import type { IdentityProvider } from "./id_token.ts";
import { AwsRefusal, createHandler } from "./service.ts";
import type { ServiceOptions } from "./service.ts";
import { errorResponse } from "./sts_xml.ts";

/** The roles, and the callers that may assume them. */
export interface StsOptions extends ServiceOptions {
  /** The Region that signatures must be scoped to. @default {"us-east-1"} */
  readonly region?: string;
  /** The roles that AWS credentials can assume. @default {[]} */
  readonly roles?: readonly Role[];
  /** The roles that web identities can assume. @default {[]} */
  readonly federatedRoles?: readonly FederatedRole[];
  /** The identity providers in IAM. @default {[]} */
  readonly identityProviders?: readonly IdentityProvider[];
}

/**
 * Creates the Security Token Service: `AssumeRole` and `AssumeRoleWithWebIdentity`.
 *
 * @param options The roles, and the callers that may assume them.
 * @returns A handler, which refuses requests in the format of the service.
 *
 * @example A web identity
 * ```ts
 * import assert from "node:assert/strict";
 * import { sts } from "@mantle/bedrock/aws-endpoints";
 *
 * const credentials = { accessKeyId: "ASIAEXAMPLE", secretAccessKey: "s", sessionToken: "t" };
 * const arn = "arn:aws:iam::123456789012:role/reader";
 * const service = sts({ federatedRoles: [{ arn, token: "token-of-the-pod", credentials }] });
 * const body = new URLSearchParams({
 *   Action: "AssumeRoleWithWebIdentity",
 *   Version: "2011-06-15",
 *   RoleArn: arn,
 *   RoleSessionName: "example",
 *   WebIdentityToken: "token-of-the-pod",
 * });
 * const url = "https://sts.us-east-1.amazonaws.com/";
 * const response = await service(new Request(url, { method: "POST", body }));
 * assert.match(await response.text(), /<AccessKeyId>ASIAEXAMPLE</);
 * ```
 */
export function sts(options: StsOptions): (request: Request) => Promise<Response> {
  const { region = "us-east-1", roles = [], now = Date.now } = options;
  const { federatedRoles = [], identityProviders = [] } = options;
  return withCors(createHandler({
    operation: (received) => parametersOf(received).get("Action") ?? "",
    refuse: errorResponse,
    respond(received) {
      const parameters = parametersOf(received);
      const [action, version] = [parameters.get("Action"), parameters.get("Version")];
      if (received.method === "POST" && version === "2011-06-15") {
        if (action === "AssumeRole") {
          return assumeRole(received, parameters, { region, roles, now });
        }
        if (action === "AssumeRoleWithWebIdentity") {
          const directory = { federatedRoles, identityProviders, now };
          return assumeRoleWithWebIdentity(parameters, directory);
        }
      }
      throw new AwsRefusal(
        400,
        "InvalidAction",
        `Could not find operation ${action} for version ${version}`,
      );
    },
  }, options));
}

function parametersOf({ body }: Received): URLSearchParams {
  return new URLSearchParams(new TextDecoder().decode(body));
}
