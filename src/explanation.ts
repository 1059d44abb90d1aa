import { explained } from "./answer.ts";
import type { Credential } from "./credential.ts";
import type { Diagnosis } from "./diagnosis.ts";
import type { Endpoint } from "./endpoint.ts";
import { beginning, type Failure, parsed } from "./failure.ts";
import { readProperty } from "./read_property.ts";
import { DEFAULT_PREFIX, SERVED_REGIONS, SERVED_REGIONS_AS_OF } from "./routes.ts";

/** What is known of a request that failed. */
export interface Circumstances {
  readonly endpoint: Endpoint;
  readonly credential: Credential;
  /** Where it was sent. */
  readonly url: string;
  /** What it asked for, where that is known. */
  readonly model: string | undefined;
  /** What became of the attempt to replace the credential, or to set the clock right. */
  readonly attempted?: string | undefined;
}

/** Says what to do about a failure, in a sentence or two. */
export function explanation(
  diagnosis: Diagnosis,
  failure: Failure,
  circumstances: Circumstances,
): string {
  const { endpoint, credential, attempted } = circumstances;
  const tried = attempted ? ` ${attempted}` : "";
  switch (diagnosis) {
    case "wrong prefix":
      return wrongPrefix(circumstances);
    case "permission missing":
      return permissionMissing(failure);
    case "wrong scope":
      return credential.mode === "bearer"
        ? "This API key is of another region. Make one for the region that is behind the base URL."
        : `This request was signed for ${endpoint.service} in ${endpoint.region}. Set endpoint and ` +
          "region to what is behind the base URL.";
    case "credential expired":
      return (credential.mode === "bearer"
        ? "The Bedrock API key has ended. Make a new one."
        : "The AWS credentials have ended. Log in again, for example with: aws sso login.") + tried;
    case "credential unrecognised":
      return (credential.mode === "bearer"
        ? "Bedrock does not know this API key. Check that it is whole, not deleted, and of this region."
        : "AWS does not know these credentials. Check that key, secret and session token belong " +
          "together.") + tried;
    case "clock skewed":
      return `The clock of this machine is wrong by more than AWS allows. Set it.${tried}`;
    case "model of Runtime":
      return `Ids such as ${circumstances.model} are inference profiles of Bedrock Runtime. Leave ` +
        'their first part out, or set `endpoint: "runtime"`.';
  }
}

function wrongPrefix({ endpoint, url, model }: Circumstances): string {
  const other = new URL(url).pathname.includes(`${DEFAULT_PREFIX}/`) ? "/v1" : DEFAULT_PREFIX;
  const what = `Mantle serves a model under one path only. This one may be under ${other}, or ` +
    "offer another API.";
  if (!endpoint.derived) {
    const { baseURL } = endpoint;
    return `${what} Set \`baseURL\` to ${baseURL.replace(/(?:\/openai)?\/v1$/, "")}${other}.`;
  }
  return model === undefined ? what : `${what} Set \`routes: [["${model}", "${other}"]]\`.`;
}

function permissionMissing({ message }: Failure): string {
  const [, action = ""] = /is not authorized to perform: (\S+)/.exec(message) ?? [];
  if (action.endsWith(":CallWithBearerToken")) {
    return `Allow ${action} with Resource "*" to the identity behind the API key, or use AWS ` +
      "credentials, which need no such permission.";
  }
  return action === "bedrock-mantle:CreateInference"
    ? `Allow ${action} to the identity, for example by the managed policy ` +
      "AmazonBedrockMantleInferenceAccess."
    : `Allow ${action} to the identity.`;
}

/** Says that a region may be the reason for which no connection came about; else `undefined`. */
export function unservedRegion({ family, derived, region }: Endpoint): string | undefined {
  if (family !== "mantle" || !derived || !region || SERVED_REGIONS.includes(region)) {
    return undefined;
  }
  return `No connection to Mantle in ${region}, which is not among the regions that AWS listed on ` +
    `${SERVED_REGIONS_AS_OF}: ${SERVED_REGIONS.join(", ")}. Use one of them, or ` +
    '`endpoint: "runtime"`';
}

/** What Bedrock Runtime answers where nothing is at a path is no longer than this. */
const LONGEST_NOTHING = 1_000;

/**
 * Bedrock Runtime answers 200 where nothing is at a path: a 404 that says why stands for it. Any
 * other success is as it came.
 */
export async function explainedSuccess(
  answer: Response,
  { family }: Endpoint,
  url: string,
): Promise<Response> {
  if (family !== "runtime") return answer;
  const { pathname } = new URL(url);
  const isJson = /\bjson\b/.test(answer.headers.get("content-type") ?? "");
  if (pathname.startsWith("/openai/") || !isJson) return answer;
  const body = parsed(await beginning(answer, LONGEST_NOTHING) ?? "");
  const output = body && readProperty(body, "Output");
  const type = output instanceof Object && readProperty(output, "__type");
  if (typeof type !== "string" || !type.endsWith("#UnknownOperationException")) return answer;
  const [status, code] = [404, "UnknownOperationException"];
  const message = `Bedrock Runtime serves nothing at ${pathname}`;
  const error = { type: code, code, param: null };
  const failure = { status, message, code, error, enveloped: false };
  return explained(answer, failure, "End the base URL in /openai/v1.");
}
