import { json } from "../mantle/answers.ts";
import { sameSecret } from "../../loopback/constant_time.ts";
import type { Received } from "../mantle/exchange.ts";
import { AwsRefusal, handlerOf } from "./service.ts";
import type { ServiceOptions } from "./service.ts";

/** Which refresh token is good, and what it gets. */
export interface SsoOidcOptions extends ServiceOptions {
  /** The client that was registered by `aws sso login`. */
  readonly clientId: string;
  /** The secret of that client. */
  readonly clientSecret: string;
  /** The refresh token that is let in. */
  readonly refreshToken: string;
  /** The access token to give out. */
  readonly accessToken: string;
  /** The refresh token to give out with it. @default {the one that was let in} */
  readonly nextRefreshToken?: string;
  /** How long the access token is valid, in seconds. @default {28800} */
  readonly lifeSeconds?: number;
}

/**
 * The OpenID Connect endpoint of IAM Identity Center: `CreateToken` by a refresh token.
 *
 * @param options Which client and refresh token are good, and what they get.
 * @returns A handler, which answers what it refuses in the shape of the service.
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
 * const answer = await service(new Request(url, { method: "POST", body }));
 * assert.equal((await answer.json()).accessToken, "access");
 * ```
 */
export function ssoOidc(options: SsoOidcOptions): (request: Request) => Promise<Response> {
  const { accessToken, refreshToken, nextRefreshToken = refreshToken } = options;
  const { lifeSeconds: expiresIn = 28_800 } = options;
  return handlerOf({
    operation: ({ url }) => url.pathname === "/token" ? "CreateToken" : "",
    refused: ({ status, code, message }) => {
      const error = code.replace("Exception", "").replace(/\B[A-Z]/g, "_$&").toLowerCase();
      const refused = json({ error, error_description: message }, status);
      refused.headers.set("x-amzn-errortype", code);
      return refused;
    },
    answer(received) {
      const asked = fields(received);
      if (asked.clientId !== options.clientId || !same(asked.clientSecret, options.clientSecret)) {
        throw new AwsRefusal(401, "InvalidClientException", "Invalid client");
      }
      if (asked.grantType !== "refresh_token") {
        throw new AwsRefusal(400, "UnsupportedGrantTypeException", "Unsupported grant type");
      }
      if (!same(asked.refreshToken, refreshToken)) {
        throw new AwsRefusal(400, "InvalidGrantException", "Invalid grant provided");
      }
      return json({ accessToken, expiresIn, refreshToken: nextRefreshToken, tokenType: "Bearer" });
    },
  }, options);
}

function fields({ method, url, body }: Received): Record<string, unknown> {
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
