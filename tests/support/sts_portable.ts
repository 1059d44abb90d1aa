import { bedrock } from "../../mod.ts";
import { cognitoIdentity, type CredentialProvider, webIdentity } from "../../sts.ts";

/** The services of a test, and a user's token. */
export interface PortableSetup {
  readonly stsEndpoint: string;
  readonly cognitoEndpoint: string;
  readonly baseURL: string;
  readonly roleArn: string;
  readonly identityPoolId: string;
  readonly provider: string;
  readonly token: string;
}

/** Asks the local Mantle with a role's credentials and with those of a Cognito identity. */
export async function askWithBoth(setup: PortableSetup): Promise<string> {
  const { stsEndpoint, cognitoEndpoint, roleArn, identityPoolId, provider, token } = setup;
  const ways = {
    "web identity": webIdentity({ roleArn, stsEndpoint, token: () => token, env: {} }),
    Cognito: cognitoIdentity({
      identityPoolId,
      cognitoEndpoint,
      logins: { [provider]: token },
      env: {},
    }),
    refused: webIdentity({ roleArn: `${roleArn}-other`, stsEndpoint, token, env: {} }),
  };
  const said = Object.entries(ways).map(async ([name, way]) => `${name}: ${await ask(setup, way)}`);
  return (await Promise.all(said)).join("\n");
}

async function ask(
  { baseURL }: PortableSetup,
  credentialProvider: CredentialProvider,
): Promise<string> {
  const place = { region: "us-west-2", endpoint: "mantle", baseURL, env: {} } as const;
  const { fetch, url } = bedrock({ ...place, credentialProvider });
  const body = JSON.stringify({ model: "openai.gpt-5.4", input: "Say hello!" });
  const response = await fetch(`${url}/responses`, { method: "POST", body });
  const { output, error } = await response.json();
  return error?.message ?? output[0].content[0].text;
}
