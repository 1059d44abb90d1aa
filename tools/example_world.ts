/**
 * The environment in which the examples of the documents run. Preloaded, it replaces AWS with local
 * servers, removes the user's account from the variables, and blocks all other hosts.
 *
 * @module
 */
import process from "node:process";
import { fileURLToPath } from "node:url";
import {
  azureIdentity,
  cognitoIdentity,
  githubTokens,
  googleMetadata,
  sts,
} from "../conformance/aws/mod.ts";
import { EXAMPLE_BEARER_TOKEN, EXAMPLE_CREDENTIALS, mantle } from "../conformance/mantle/mod.ts";

const profiles = fileURLToPath(new URL("example_profiles.ini", import.meta.url));

const tokenFile = fileURLToPath(new URL("example_token", import.meta.url));

for (const name of Object.keys(process.env)) {
  if (/^(?:AWS|OPENAI|ACTIONS|VERCEL|GCE|IDENTITY)_|_proxy$/i.test(name)) delete process.env[name];
}
Object.assign(process.env, {
  AWS_REGION: "us-west-2",
  AWS_ACCESS_KEY_ID: EXAMPLE_CREDENTIALS.accessKeyId,
  AWS_SECRET_ACCESS_KEY: EXAMPLE_CREDENTIALS.secretAccessKey,
  AWS_SHARED_CREDENTIALS_FILE: profiles,
  AWS_CONFIG_FILE: profiles,
  AWS_WEB_IDENTITY_TOKEN_FILE: tokenFile,
  ACTIONS_ID_TOKEN_REQUEST_URL: "https://pipelines.actions.githubusercontent.com/?api-version=2.0",
  ACTIONS_ID_TOKEN_REQUEST_TOKEN: "job",
  VERCEL_OIDC_TOKEN: "example-token",
});

type Handler = ReturnType<typeof mantle>;
const services = new Map<string, Handler>();

/** The credentials that STS and Cognito issue. */
const ISSUED = {
  accessKeyId: "ASIAEXAMPLE",
  secretAccessKey: "wJalrXUtnFEMI/K7MDENG+bPxRfiCYSESSIONKEY",
  sessionToken: "session-token",
};
const credentials = [EXAMPLE_CREDENTIALS, ISSUED];
const issue = () => "example-token";

/** The services that give out tokens and credentials, by the beginnings of their hosts. */
const ISSUERS: Readonly<Record<string, Handler>> = {
  "sts.us-west-2.": sts({
    region: "us-west-2",
    federatedRoles: [
      {
        arn: "arn:aws:iam::123456789012:role/bedrock",
        token: "example-token",
        credentials: ISSUED,
      },
    ],
    roles: [
      { arn: "arn:aws:iam::123456789012:role/bedrock", callers: credentials, credentials: ISSUED },
      { arn: "arn:aws:iam::210987654321:role/other", callers: credentials, credentials: ISSUED },
    ],
  }),
  "cognito-identity.us-west-2.": cognitoIdentity({
    identityPoolId: "us-west-2:00000000-0000-0000-0000-000000000000",
    credentials: ISSUED,
    guests: true,
  }),
  "pipelines.actions.": githubTokens({ bearer: "job", issue }),
  "metadata.google.": googleMetadata({ issue }),
  "169.254.169.254": azureIdentity({ issue }),
};

/** Finds the local service for an AWS host, canonical or of a VPC endpoint. */
function serviceAt({ hostname }: URL): Handler | undefined {
  const issuer = Object.keys(ISSUERS).find((beginning) => hostname.startsWith(beginning));
  if (issuer !== undefined) return ISSUERS[issuer];
  const [, name, region] = /\bbedrock-(mantle|runtime)\.([a-z0-9-]+)\./.exec(hostname) ?? [];
  if (!name || !region) return undefined;
  const known = services.get(`${name} ${region}`);
  const service = known ?? mantle({
    endpoint: name === "runtime" ? "runtime" : "mantle",
    region,
    credentials,
    bearerTokens: [EXAMPLE_BEARER_TOKEN, "bedrock-api-key-example"],
  });
  services.set(`${name} ${region}`, service);
  return service;
}

const overNetwork = globalThis.fetch;

globalThis.fetch = async (input, init) => {
  const request = new Request(input, init);
  const url = new URL(request.url);
  if (url.hostname === "127.0.0.1") return await overNetwork(request);
  const service = serviceAt(url);
  if (!service) throw new TypeError(`Examples must not connect to ${url.host}`);
  return await service(request);
};
