import { json } from "../mantle/http_responses.ts";
import { sameSecret } from "../../loopback/constant_time.ts";
import { AwsRefusal, createHandler, type ServiceOptions } from "./service.ts";

/** Issues a token for an audience. */
export type IssueToken = (audience: string) => string | Promise<string>;

/** The issuer of a platform's tokens. */
export interface WorkloadTokenOptions extends ServiceOptions {
  /** Issues a token. */
  readonly issue: IssueToken;
}

/** The options of GitHub's token service. */
export interface GithubTokenOptions extends WorkloadTokenOptions {
  /** The value of `ACTIONS_ID_TOKEN_REQUEST_TOKEN`. */
  readonly bearer: string;
}

/** The options of Azure's identity endpoint. */
export interface AzureIdentityOptions extends WorkloadTokenOptions {
  /** The value of `IDENTITY_HEADER`, on App Service. */
  readonly identityHeader?: string;
}

/**
 * Serves the tokens of a GitHub Actions job, at `ACTIONS_ID_TOKEN_REQUEST_URL`.
 *
 * Documented: the header, the query and the field `value`. Assumed: the refusals.
 *
 * @param options Which job it is, and what issues its tokens.
 * @returns A handler.
 *
 * @example A token for STS
 * ```ts
 * import assert from "node:assert/strict";
 * import { githubTokens } from "@mantle/bedrock/aws-endpoints";
 *
 * const github = githubTokens({ bearer: "job", issue: (audience) => `token for ${audience}` });
 * const url = "https://pipelines.actions.githubusercontent.com/?api-version=2.0&audience=sts";
 * const response = await github(new Request(url, { headers: { authorization: "Bearer job" } }));
 * assert.equal((await response.json()).value, "token for sts");
 * ```
 */
export function githubTokens(options: GithubTokenOptions): (request: Request) => Promise<Response> {
  return createHandler({
    operation: () => "GetIdToken",
    refuse: ({ status, message }) => json({ message }, status),
    async respond({ method, url, headers }) {
      const given = headers.get("authorization")?.replace(/^bearer /i, "") ?? "";
      if (method !== "GET" || !sameSecret(given, options.bearer)) {
        throw new AwsRefusal(401, "Unauthorized", "Unauthorized");
      }
      const audience = url.searchParams.get("audience") ?? "https://github.com/example";
      return json({ value: await options.issue(audience) });
    },
  }, options);
}

const GOOGLE_PATH =
  /^\/computeMetadata\/v1\/instance\/service-accounts\/(?:default|[^/]{1,99}@[^/]{1,99})\/identity$/;

/**
 * The metadata server of Google Cloud, as far as it issues identity tokens.
 *
 * Documented: the path, the header and the query. Assumed: the texts of the refusals.
 *
 * @param options What issues the tokens.
 * @returns A handler.
 *
 * @example A token for STS
 * ```ts
 * import assert from "node:assert/strict";
 * import { googleMetadata } from "@mantle/bedrock/aws-endpoints";
 *
 * const server = googleMetadata({ issue: (audience) => `token for ${audience}` });
 * const path = "/computeMetadata/v1/instance/service-accounts/default/identity?audience=sts";
 * const headers = { "metadata-flavor": "Google" };
 * const response = await server(new Request(`http://metadata.google.internal${path}`, { headers }));
 * assert.equal(await response.text(), "token for sts");
 * ```
 */
export function googleMetadata(
  options: WorkloadTokenOptions,
): (request: Request) => Promise<Response> {
  const flavor = { "metadata-flavor": "Google" };
  return createHandler({
    operation: () => "GetIdentity",
    refuse: ({ status, message }) => new Response(message, { status, headers: flavor }),
    async respond({ url, headers }) {
      if (headers.get("metadata-flavor") !== "Google") {
        throw new AwsRefusal(403, "Forbidden", "Missing Metadata-Flavor:Google header.");
      }
      const path = decodeURIComponent(url.pathname);
      if (!GOOGLE_PATH.test(path)) throw new AwsRefusal(404, "NotFound", "Not Found");
      const audience = url.searchParams.get("audience");
      if (!audience) {
        throw new AwsRefusal(400, "BadRequest", "non-empty audience parameter required");
      }
      return new Response(await options.issue(audience), { headers: flavor });
    },
  }, options);
}

/**
 * Serves the tokens of a managed identity of Azure: the metadata service of a machine or, with an
 * `identityHeader`, `IDENTITY_ENDPOINT` of App Service.
 *
 * Documented: the headers, the query and the fields. Assumed: the texts of the refusals.
 *
 * @param options What issues the tokens, and the secret of an app.
 * @returns A handler.
 *
 * @example A token of a machine
 * ```ts
 * import assert from "node:assert/strict";
 * import { azureIdentity } from "@mantle/bedrock/aws-endpoints";
 *
 * const service = azureIdentity({ issue: (resource) => `token for ${resource}` });
 * const query = "?api-version=2018-02-01&resource=api://example";
 * const url = `http://169.254.169.254/metadata/identity/oauth2/token${query}`;
 * const response = await service(new Request(url, { headers: { metadata: "true" } }));
 * assert.equal((await response.json()).access_token, "token for api://example");
 * ```
 */
export function azureIdentity(
  options: AzureIdentityOptions,
): (request: Request) => Promise<Response> {
  const { identityHeader, issue } = options;
  return createHandler({
    operation: () => "GetToken",
    refuse: ({ status, code, message }) =>
      json({ error: code, error_description: message }, status),
    async respond({ url, headers }) {
      const isAllowed = identityHeader === undefined
        ? headers.get("metadata") === "true"
        : sameSecret(headers.get("x-identity-header") ?? "", identityHeader);
      if (!isAllowed) throw new AwsRefusal(400, "invalid_request", "Required header missing");
      const version = identityHeader === undefined ? "2018-02-01" : "2019-08-01";
      const resource = url.searchParams.get("resource");
      if (url.searchParams.get("api-version") !== version || !resource) {
        throw new AwsRefusal(400, "invalid_request", "Required query variable missing");
      }
      const access_token = await issue(resource);
      return json({ access_token, expires_in: "3599", resource, token_type: "Bearer" });
    },
  }, options);
}
