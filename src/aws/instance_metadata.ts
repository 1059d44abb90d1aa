import type { FoundIdentity } from "../auth/credentials.ts";
import { type MetadataResponse, readCredentials, requestMetadata } from "./metadata_request.ts";
import { type CredentialSource, type LookupContext, SourceFailure } from "./source.ts";

const DISABLED = "AWS_EC2_METADATA_DISABLED";
const ENDPOINT = "AWS_EC2_METADATA_SERVICE_ENDPOINT";
const MODE = "AWS_EC2_METADATA_SERVICE_ENDPOINT_MODE";
const V1_DISABLED = "AWS_EC2_METADATA_V1_DISABLED";

const HOSTS: Readonly<Record<string, string>> = {
  IPv4: "http://169.254.169.254",
  IPv6: "http://[fd00:ec2::254]",
};

/** As in AWS's package: without an instance, nobody responds. */
const TIMEOUT_MS = 1_000;

const TOKEN_PATH = "/latest/api/token";
const ROLE_PATH = "/latest/meta-data/iam/security-credentials/";

/**
 * Creates a source of the role of an EC2 instance. It keeps the last credentials: while the service is
 * down they are used on, as AWS's package does.
 *
 * @see https://docs.aws.amazon.com/sdkref/latest/guide/feature-imds-credentials.html
 * @see https://docs.aws.amazon.com/sdkref/latest/guide/feature-static-credentials.html
 */
export function instanceMetadata(): CredentialSource {
  let last: FoundIdentity | undefined;
  return {
    name: "instance metadata",
    whyNot: ({ env }) => isSet(env.get(DISABLED)) ? `${DISABLED} is set` : undefined,
    async lookUp(context) {
      const { now } = context.platform;
      try {
        const found = await request(context);
        const isExpired = found.expiration !== undefined && found.expiration.getTime() < now();
        last = isExpired ? extend(found, now()) : found;
      } catch (error) {
        if (last === undefined) throw error;
        last = extend(last, now());
      }
      return last;
    },
  };
}

const MINUTE = 60_000;

/** Extends credentials by five to ten minutes, so that not all machines ask again at the same time. */
function extend(identity: FoundIdentity, now: number): FoundIdentity {
  const expiration = new Date(now + 5 * MINUTE + Math.random() * 5 * MINUTE);
  return Object.freeze({ ...identity, expiration });
}

async function request(context: LookupContext): Promise<FoundIdentity> {
  const root = endpointOf(context);
  const token = await requestToken(root);
  if (token === undefined) assertVersion1(context);
  const headers: Record<string, string> = token === undefined
    ? {}
    : { "x-aws-ec2-metadata-token": token };
  const get = async (path: string) =>
    assertFound(await requestMetadata(root + path, TIMEOUT_MS, { headers }), root);
  const role = (await get(ROLE_PATH)).trim();
  if (!/^[\w+=,.@-]+$/.test(role)) {
    throw new SourceFailure({ reason: `${root} named no role of this machine` });
  }
  return readCredentials(await get(ROLE_PATH + role), root);
}

/** Requests a token of version 2; `undefined` if the service has no tokens, or none for us. */
async function requestToken(root: string): Promise<string | undefined> {
  const headers = { "x-aws-ec2-metadata-token-ttl-seconds": "21600" };
  let response: MetadataResponse;
  try {
    response = await requestMetadata(root + TOKEN_PATH, TIMEOUT_MS, { method: "PUT", headers });
  } catch {
    return undefined;
  }
  const { status, text } = response;
  if (status === 400) throw new SourceFailure({ reason: `${root} refused to issue a token` });
  return status >= 200 && status < 300 ? text : undefined;
}

/** Refuses version 1 of the service if it is blocked. */
function assertVersion1({ env, profile }: LookupContext): void {
  const variable = env.get(V1_DISABLED);
  const setting = "ec2_metadata_v1_disabled";
  const [name, value] = variable === undefined
    ? [`${setting} of the profile ${profile.name}`, profile.endpoints?.get(setting)]
    : [V1_DISABLED, variable];
  if (!isSet(value)) return;
  throw new SourceFailure({
    reason: `the metadata service issued no token of version 2, and ${name} blocks version 1`,
  });
}

function endpointOf({ env, profile: { endpoints } }: LookupContext): string {
  const text = env.get(ENDPOINT) ?? endpoints?.get("ec2_metadata_service_endpoint");
  if (text !== undefined) {
    if (URL.canParse(text) && /^https?:$/.test(new URL(text).protocol)) return new URL(text).origin;
    throw new SourceFailure({
      reason: `the endpoint of the metadata service, ${text}, is not a URL`,
    });
  }
  const mode = env.get(MODE) ?? endpoints?.get("ec2_metadata_service_endpoint_mode") ?? "IPv4";
  if (Object.hasOwn(HOSTS, mode)) return HOSTS[mode]!;
  throw new SourceFailure({
    reason: `the mode of the metadata service, ${mode}, is neither IPv4 nor IPv6`,
  });
}

function assertFound({ status, text }: MetadataResponse, root: string): string {
  if (status >= 200 && status < 300) return text;
  const reason = status === 404 ? "this machine has no role" : `${root} returned ${status}`;
  throw new SourceFailure({ reason });
}

function isSet(value: string | undefined): boolean {
  return value !== undefined && value !== "false";
}
