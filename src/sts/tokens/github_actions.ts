import type { AudienceOptions, SourcePlan } from "./sources.ts";
import { missingToken, parseTokenURL, requestToken, STS_AUDIENCE } from "./request.ts";

const URL_VARIABLE = "ACTIONS_ID_TOKEN_REQUEST_URL";
const TOKEN_VARIABLE = "ACTIONS_ID_TOKEN_REQUEST_TOKEN";

/**
 * Asks GitHub for the token of a job.
 *
 * @see https://docs.github.com/en/actions/reference/security/oidc
 */
export async function askGithub(
  { options: { audience = STS_AUDIENCE, fetch }, env, platform }: SourcePlan<AudienceOptions>,
): Promise<string> {
  const [address, bearer] = [env.get(URL_VARIABLE), env.get(TOKEN_VARIABLE)];
  if (address === undefined || bearer === undefined) {
    throw missingToken(
      env,
      `${URL_VARIABLE} and ${TOKEN_VARIABLE} are not both set. Run this in a job of GitHub Actions ` +
        "that has the permission id-token: write",
    );
  }
  const url = parseTokenURL(address, URL_VARIABLE);
  url.searchParams.set("audience", audience);
  const headers = { authorization: `Bearer ${bearer}` };
  return await requestToken({ name: "GitHub", url, headers, field: "value", fetch }, platform);
}
