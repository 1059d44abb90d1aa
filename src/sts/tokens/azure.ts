import { parseTokenURL, requestToken } from "./request.ts";
import type { AzureOptions, SourcePlan } from "./sources.ts";

const METADATA_SERVICE = "http://169.254.169.254/metadata/identity/oauth2/token";

/**
 * Asks for the token of a managed identity: on App Service, Functions and Container Apps at
 * `IDENTITY_ENDPOINT` with `IDENTITY_HEADER`, and otherwise at the metadata service of the machine.
 *
 * @see https://learn.microsoft.com/en-us/azure/app-service/overview-managed-identity#rest-endpoint-reference
 * @see https://learn.microsoft.com/en-us/entra/identity/managed-identities-azure-resources/how-to-use-vm-token
 */
export async function askAzure(
  { options: { resource, clientId, fetch }, env, platform }: SourcePlan<AzureOptions>,
): Promise<string> {
  const [endpoint, secret] = [env.get("IDENTITY_ENDPOINT"), env.get("IDENTITY_HEADER")];
  const isApp = endpoint !== undefined && secret !== undefined;
  // Both are on the machine's own link, where there is no https
  const url = parseTokenURL(isApp ? endpoint : METADATA_SERVICE, "IDENTITY_ENDPOINT", true);
  url.searchParams.set("api-version", isApp ? "2019-08-01" : "2018-02-01");
  url.searchParams.set("resource", resource);
  if (clientId !== undefined) url.searchParams.set("client_id", clientId);
  const headers: Record<string, string> = isApp
    ? { "x-identity-header": secret }
    : { metadata: "true" };
  const name = "Azure's managed identity";
  return await requestToken({ name, url, headers, field: "access_token", fetch }, platform);
}
