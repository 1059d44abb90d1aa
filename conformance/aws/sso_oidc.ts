import { json } from "../mantle/http_responses.ts";
import { sameSecret } from "../../loopback/constant_time.ts";
import type { Received } from "../mantle/exchange.ts";
import { AwsRefusal, createHandler } from "./service.ts";
import type { ServiceOptions } from "./service.ts";

/** The client and refresh token that are accepted, and the tokens they get. */
export interface SsoOidcOptions extends ServiceOptions {
  /** The client that was registered by `aws sso login`. */
  readonly clientId: string;
  /** The secret of that client. */
  readonly clientSecret: string;
  /** The refresh token that is accepted. */
  readonly refreshToken: string;
  /** The access token to return. */
  readonly accessToken: string;
  /** The refresh token to return with it. @default {the accepted one} */
  readonly nextRefreshToken?: string;
  /** The validity of the access token, in seconds. @default {28800} */
  readonly lifeSeconds?: number;
}

/**
 * Creates the OpenID Connect endpoint of IAM Identity Center: `CreateToken` with a refresh token.
 *
 * @param options The client and refresh token that are accepted, and the tokens they get.
 * @returns A handler, which refuses requests in the format of the service.
 *
 * @example An access token for a refresh token
 * ```ts
 * import assert from "node:assert/strict";
 * import { ssoOidc } from "@mantle/bedrock/aws-endpoints";
 *
 * const client = { clientId: "client", clientSecret: "secret", refreshToken: "refresh" };
 * const service = ssoOidc({ ...client, accessToken: "access" });
 * const body = JSON.stringify({ ...client, grantType: "refresh_token" });
 * const url = "https://oidc.us-east-1.amazonaws.com/token";
 * const response = await service(new Request(url, { method: "POST", body }));
 * assert.equal((await response.json()).accessToken, "access");
 * ```
 */
export function ssoOidc(options: SsoOidcOptions): (request: Request) => Promise<Response> {
  const { accessToken, refreshToken, nextRefreshToken = refreshToken } = options;
  const { lifeSeconds: expiresIn = 28_800 } = options;
  return createHandler({
    operation: ({ url }) => url.pathname === "/token" ? "CreateToken" : "",
    refuse: ({ status, code, message }) => {
      const error = code.replace("Exception", "").replace(/\B[A-Z]/g, "_$&").toLowerCase();
      const response = json({ error, error_description: message }, status);
      response.headers.set("x-amzn-errortype", code);
      return response;
    },
    respond(received) {
      const given = fieldsOf(received);
      if (given.clientId !== options.clientId || !same(given.clientSecret, options.clientSecret)) {
        throw new AwsRefusal(401, "InvalidClientException", "Invalid client");
      }
      if (given.grantType !== "refresh_token") {
        throw new AwsRefusal(400, "UnsupportedGrantTypeException", "Unsupported grant type");
      }
      if (!same(given.refreshToken, refreshToken)) {
        throw new AwsRefusal(400, "InvalidGrantException", "Invalid grant provided");
      }
      return json({ accessToken, expiresIn, refreshToken: nextRefreshToken, tokenType: "Bearer" });
    },
  }, options);
}

function fieldsOf({ method, url, body }: Received): Record<string, unknown> {
  if (method !== "POST" || url.pathname !== "/token") {
    throw new AwsRefusal(404, "UnknownOperationException", "Unknown operation");
  }
  try {
    return Object(JSON.parse(new TextDecoder().decode(body)));
  } catch {
    throw new AwsRefusal(400, "InvalidRequestException", "Invalid request");
  }
}

function same(given: unknown, expected: string): boolean {
  return typeof given === "string" && sameSecret(given, expected);
}
