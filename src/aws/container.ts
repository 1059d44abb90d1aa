import type { FoundIdentity } from "../auth/credentials.ts";
import type { Environment } from "../platform/environment.ts";
import { readSmallFile } from "../platform/small_file.ts";
import { readCredentials, requestMetadata } from "./metadata_request.ts";
import { type CredentialSource, type LookupContext, SourceFailure } from "./source.ts";

const RELATIVE = "AWS_CONTAINER_CREDENTIALS_RELATIVE_URI";
const FULL = "AWS_CONTAINER_CREDENTIALS_FULL_URI";
const TOKEN = "AWS_CONTAINER_AUTHORIZATION_TOKEN";
const TOKEN_FILE = "AWS_CONTAINER_AUTHORIZATION_TOKEN_FILE";

const ECS_HOST = "http://169.254.170.2";

/** Four attempts, a second apart, as AWS's package makes them. */
const ATTEMPTS = 4;
const WAIT_MS = 1_000;

/** AWS's package waits for a response as long as it takes; all attempts must fit into a lookup. */
const TIMEOUT_MS = 10_000;

/**
 * The role of a container, from the agent of ECS or of EKS Pod Identity.
 *
 * @see https://docs.aws.amazon.com/sdkref/latest/guide/feature-container-credentials.html
 */
export const CONTAINER: CredentialSource = {
  name: "container",
  whyNot: ({ env }) =>
    env.get(RELATIVE) ?? env.get(FULL) ? undefined : `${RELATIVE} and ${FULL} are not set`,
  async lookUp(context) {
    const url = endpointOf(context.env);
    for (let attempt = 1;; attempt++) {
      try {
        return await request(url, context);
      } catch (error) {
        if (attempt === ATTEMPTS || isFinal(error)) throw error;
        await context.platform.sleep(WAIT_MS);
      }
    }
  },
};

/** A failure that no later attempt can change. */
class FinalFailure extends SourceFailure {}

const isFinal = (error: unknown) => error instanceof FinalFailure;

async function request(
  url: URL,
  { env }: LookupContext,
): Promise<FoundIdentity> {
  // Read for each attempt, as it may be rotated
  const token = readToken(env);
  const headers: Record<string, string> = token === undefined ? {} : { authorization: token };
  const { status, text } = await requestMetadata(url.href, TIMEOUT_MS, { headers });
  if (status !== 200) throw new SourceFailure({ reason: `${url.origin} returned ${status}` });
  return readCredentials(text, url.origin);
}

function endpointOf(env: Environment): URL {
  const relative = env.get(RELATIVE);
  const [variable, text] = relative === undefined
    ? [FULL, env.get(FULL) ?? ""]
    : [RELATIVE, ECS_HOST + relative];
  if (!URL.canParse(text)) throw new FinalFailure({ reason: `${variable} is not a URL` });
  const url = new URL(text);
  // No fetch takes user information, and AWS's package does not send it
  [url.username, url.password] = ["", ""];
  if (isTrusted(url)) return url;
  throw new FinalFailure({
    reason: `${variable} names the host ${url.host}, which is not trusted over http: use https, ` +
      "loopback, or the address of the ECS or EKS agent",
  });
}

/** The agents of ECS and EKS have no certificates; other hosts need one. */
const AGENT_HOSTS = ["169.254.170.2", "169.254.170.23", "[fd00:ec2::23]", "[::1]", "localhost"];

function isTrusted({ protocol, hostname }: URL): boolean {
  return protocol === "https:" ||
    (protocol === "http:" &&
      (AGENT_HOSTS.includes(hostname) || /^127(?:\.\d{1,3}){3}$/.test(hostname)));
}

function readToken(env: Environment): string | undefined {
  const path = env.getPath(TOKEN_FILE);
  const token = path === undefined ? env.get(TOKEN) : readSmallFile(path, "token file");
  if (token === undefined || /^[\t\x20-\x7e\x80-\xff]*$/.test(token)) return token;
  throw new FinalFailure({
    reason: `the token in ${path ?? TOKEN} contains a line break or another character that no ` +
      "HTTP header can carry",
  });
}
