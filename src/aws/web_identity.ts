import type { FoundIdentity } from "../auth/credentials.ts";
import { listClaims, readClaims } from "../sts/claims.ts";
import { placeService, STS } from "../sts/endpoint.ts";
import { Refused } from "../sts/refused.ts";
import { callSts, listParameters } from "../sts/sts_call.ts";
import { readTokenFile } from "../sts/tokens/token_file.ts";
import { endpointSetting, withSwitches } from "./endpoint_settings.ts";
import type { CredentialSource, LookupContext } from "./source.ts";

/** What messages call a URL that a profile sets. */
const ENDPOINT_NAME = "endpoint_url in the AWS config file";

/** A role that is assumed with the token in a file. */
export interface TokenFileRole {
  readonly path: string;
  readonly roleArn: string;
  /** @default {`AWS_ROLE_SESSION_NAME`, otherwise a name with the time} */
  readonly sessionName?: string | undefined;
}

/**
 * The role that variables name, with the token in a file, as EKS sets them for a service account.
 *
 * @see https://docs.aws.amazon.com/sdkref/latest/guide/feature-assume-role-credentials.html
 */
export const WEB_IDENTITY: CredentialSource = {
  name: "web identity",
  whyNot: ({ env }) =>
    env.getPath("AWS_WEB_IDENTITY_TOKEN_FILE") && env.get("AWS_ROLE_ARN")
      ? undefined
      : "AWS_WEB_IDENTITY_TOKEN_FILE and AWS_ROLE_ARN are not both set",
  lookUp: (context) =>
    assumeByTokenFile({
      path: context.env.getPath("AWS_WEB_IDENTITY_TOKEN_FILE")!,
      roleArn: context.env.get("AWS_ROLE_ARN")!,
    }, context),
};

/**
 * Assumes a role with the token in a file, which is read for each lookup, as it is replaced from time to
 * time.
 *
 * @throws {BedrockError} `credentials_failed` with what STS said, `credentials_invalid`, `permission_missing`
 */
export async function assumeByTokenFile(
  { path, roleArn, sessionName }: TokenFileRole,
  context: LookupContext,
): Promise<FoundIdentity> {
  const { platform, profile, files } = context;
  const env = withSwitches(context.env, profile.endpoints);
  const region = context.region ?? env.get("AWS_REGION") ?? profile.settings?.get("region") ??
    "us-east-1";
  const token = readTokenFile({ options: { path }, env, platform });
  const endpoint = endpointSetting("sts", profile.endpoints, files, env);
  const place = placeService(STS, { endpoint, endpointName: ENDPOINT_NAME }, region, env);
  const name = sessionName ?? env.get("AWS_ROLE_SESSION_NAME");
  const role = { arn: roleArn, sessionName: name, region };
  const parameters = listParameters({}, { role, env, platform }, { WebIdentityToken: token });
  const about = { secrets: [token], role: roleArn, token };
  const operation = "AssumeRoleWithWebIdentity";
  const signal = AbortSignal.timeout(platform.lookupLimitMs);
  const wire = { place, fetch: undefined, platform };
  const found = await callSts({ operation, parameters, about }, wire, signal).catch((error) => {
    throw error instanceof Refused ? error.explain() : error;
  });
  return { ...found, foundIn: ["web identity", ...describeToken(token)].join(": ") };
}

/** Describes whose token it is and when it expires; nothing of it is secret. */
function describeToken(token: string): string[] {
  const claims = readClaims(token);
  const expiration = claims?.expiration && `expires ${claims.expiration.toISOString()}`;
  const parts = [listClaims(claims), expiration].filter(Boolean);
  return parts.length ? [parts.join(", ")] : [];
}
