import { json } from "../mantle/http_responses.ts";
import { sameSecret } from "../../loopback/constant_time.ts";
import { AwsRefusal, createHandler } from "./service.ts";
import type { ServiceOptions } from "./service.ts";
import type { IssuedOptions } from "./temporary_credentials.ts";

/** The user of IAM Identity Center, with one role in one account. */
export interface SsoPortalOptions extends ServiceOptions, IssuedOptions {
  /** The access token of the user. */
  readonly accessToken: string;
  /** The account. */
  readonly accountId: string;
  /** The role in it. */
  readonly roleName: string;
}

/**
 * Creates the portal of IAM Identity Center: `GetRoleCredentials`.
 *
 * @param options The user, the role and its credentials.
 * @returns A handler, which refuses requests in the format of the service.
 *
 * @example Credentials for an access token
 * ```ts
 * import assert from "node:assert/strict";
 * import { ssoPortal } from "@mantle/bedrock/aws-endpoints";
 *
 * const credentials = { accessKeyId: "ASIAEXAMPLE", secretAccessKey: "s", sessionToken: "t" };
 * const user = { accessToken: "access", accountId: "123456789012", roleName: "Reader" };
 * const portal = ssoPortal({ ...user, credentials });
 * const url = "https://portal.sso.us-east-1.amazonaws.com/federation/credentials";
 * const headers = { "x-amz-sso_bearer_token": "access" };
 * const query = "?account_id=123456789012&role_name=Reader";
 * const response = await portal(new Request(url + query, { headers }));
 * assert.equal((await response.json()).roleCredentials.accessKeyId, "ASIAEXAMPLE");
 * ```
 */
export function ssoPortal(options: SsoPortalOptions): (request: Request) => Promise<Response> {
  const { accessToken, accountId, roleName, credentials, lifeSeconds = 3600 } = options;
  const { now = Date.now } = options;
  return createHandler({
    operation: ({ url }) => url.pathname === PATH ? "GetRoleCredentials" : "",
    refuse: ({ status, code, message }) => {
      const response = json({ message }, status);
      response.headers.set("x-amzn-errortype", code);
      return response;
    },
    respond({ method, url: { pathname, searchParams }, headers }) {
      if (method !== "GET" || pathname !== PATH) {
        throw new AwsRefusal(404, "UnknownOperationException", "Unknown operation");
      }
      const [account, role] = [searchParams.get("account_id"), searchParams.get("role_name")];
      const token = headers.get("x-amz-sso_bearer_token") ?? "";
      if (!account || !role || !token) {
        throw new AwsRefusal(400, "InvalidRequestException", "Request is missing a parameter");
      }
      if (!sameSecret(token, accessToken)) {
        throw new AwsRefusal(401, "UnauthorizedException", "Session token not found or invalid");
      }
      if (account !== accountId || role !== roleName) {
        throw new AwsRefusal(403, "ForbiddenException", "No access");
      }
      const expiration = now() + lifeSeconds * 1000;
      return json({ roleCredentials: { ...credentials, expiration } });
    },
  }, options);
}

const PATH = "/federation/credentials";
