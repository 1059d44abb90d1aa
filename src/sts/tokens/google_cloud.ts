import { parseTokenURL, requestToken, STS_AUDIENCE } from "./request.ts";
import type { GoogleCloudOptions, SourcePlan } from "./sources.ts";

/**
 * Asks the metadata server of Google Cloud for a token. `GCE_METADATA_HOST` moves the server, as it does
 * for Google's own libraries.
 *
 * @see https://cloud.google.com/compute/docs/instances/verifying-instance-identity
 */
export async function askGoogle(
  { options, env, platform }: SourcePlan<GoogleCloudOptions>,
): Promise<string> {
  const { audience = STS_AUDIENCE, serviceAccount = "default", fetch } = options;
  const host = env.get("GCE_METADATA_HOST") ?? "metadata.google.internal";
  const account = encodeURIComponent(serviceAccount);
  const address = `http://${host}/computeMetadata/v1/instance/service-accounts/${account}/identity`;
  // The server is on the machine's own link, where there is no https
  const url = parseTokenURL(address, "GCE_METADATA_HOST", true);
  url.searchParams.set("audience", audience);
  url.searchParams.set("format", "full");
  const headers = { "metadata-flavor": "Google" };
  return await requestToken({ name: "Google's metadata server", url, headers, fetch }, platform);
}
