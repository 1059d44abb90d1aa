import { AwsRefusal, createHandler } from "./service.ts";
import type { ServiceOptions } from "./service.ts";
import { formatInstant, metadataDocument } from "./temporary_credentials.ts";
import type { IssuedOptions } from "./temporary_credentials.ts";

/** The options of the metadata service. */
export interface InstanceMetadataOptions extends ServiceOptions, IssuedOptions {
  /** The role of the instance. @default {"example-role"} */
  readonly roleName?: string;
  /** The Region of the instance. @default {"us-east-1"} */
  readonly region?: string;
}

const TOKEN = "/latest/api/token";
const ROLES = "/latest/meta-data/iam/security-credentials/";
const REGION = "/latest/meta-data/placement/region";
const TTL_HEADER = "x-aws-ec2-metadata-token-ttl-seconds";

/**
 * Creates the metadata service of EC2, version 2, which requires a token of its own.
 *
 * @param options The instance, and the credentials of its role.
 * @returns A handler, which refuses requests in the format of the service.
 *
 * @example The two steps
 * ```ts
 * import assert from "node:assert/strict";
 * import { instanceMetadata } from "@mantle/bedrock/aws-endpoints";
 *
 * const credentials = { accessKeyId: "ASIAEXAMPLE", secretAccessKey: "s", sessionToken: "t" };
 * const service = instanceMetadata({ credentials, roleName: "reader" });
 * const ask = (path: string, init: RequestInit) =>
 *   service(new Request(`http://169.254.169.254/latest${path}`, init));
 *
 * const ttl = { "x-aws-ec2-metadata-token-ttl-seconds": "60" };
 * const token = await (await ask("/api/token", { method: "PUT", headers: ttl })).text();
 * const headers = { "x-aws-ec2-metadata-token": token };
 * const response = await ask("/meta-data/iam/security-credentials/reader", { headers });
 * assert.equal((await response.json()).AccessKeyId, "ASIAEXAMPLE");
 * ```
 */
export function instanceMetadata(
  options: InstanceMetadataOptions,
): (request: Request) => Promise<Response> {
  const { roleName = "example-role", region = "us-east-1", now = Date.now } = options;
  const tokens = new Map<string, number>();

  const issueToken = (headers: Headers) => {
    // The service refuses requests that came through a proxy
    if (headers.has("x-forwarded-for")) throw new AwsRefusal(403, "Forbidden", "Forbidden");
    const ttl = headers.get(TTL_HEADER) ?? "";
    if (!/^\d+$/.test(ttl) || Number(ttl) < 1 || Number(ttl) > 21_600) {
      throw new AwsRefusal(400, "BadRequest", "Bad Request");
    }
    const token = btoa(String.fromCharCode(...crypto.getRandomValues(new Uint8Array(42))));
    tokens.set(token, now() + Number(ttl) * 1000);
    return text(token, { [TTL_HEADER]: ttl });
  };

  return createHandler({
    operation: ({ url }) => OPERATIONS[url.pathname] ?? "credentials",
    // Assumed: the page
    refuse: ({ status, message }) =>
      new Response(`<html><body><h1>${status} - ${message}</h1></body></html>`, {
        status,
        headers: { "content-type": "text/html" },
      }),
    respond({ method, url: { pathname }, headers }) {
      if (method === "PUT" && pathname === TOKEN) return issueToken(headers);
      const expires = tokens.get(headers.get("x-aws-ec2-metadata-token") ?? "") ?? 0;
      if (method !== "GET" || expires <= now()) {
        throw new AwsRefusal(401, "Unauthorized", "Unauthorized");
      }
      if (pathname === ROLES) return text(roleName);
      if (pathname === REGION) return text(region);
      if (pathname !== ROLES + roleName) throw new AwsRefusal(404, "NotFound", "Not Found");
      const issued = { Code: "Success", LastUpdated: formatInstant(now()), Type: "AWS-HMAC" };
      return text(JSON.stringify({ ...issued, ...metadataDocument(options, now()) }, null, 2));
    },
  }, options);
}

const OPERATIONS: Readonly<Record<string, string>> = {
  [TOKEN]: "token",
  [ROLES]: "roles",
  [REGION]: "region",
};

function text(body: string, headers: Record<string, string> = {}): Response {
  return new Response(body, { headers: { ...headers, "content-type": "text/plain" } });
}
