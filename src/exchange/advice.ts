import type { Authenticator } from "../auth/authenticator.ts";
import type { Endpoint } from "../endpoint/endpoint.ts";
import { DEFAULT_PREFIX, SERVED_REGIONS, SERVED_REGIONS_AS_OF } from "../endpoint/routes.ts";
import { nameOption, type OptionNames } from "../errors.ts";
import { parseObject } from "../platform/json.ts";
import { readProperty } from "../platform/read_options.ts";
import { type Failure, peekText } from "./failure.ts";
import { cancelBody, replaceResponse } from "./response.ts";

/** The facts about a request that failed. */
export interface FailedRequest {
  readonly failure: Failure;
  readonly endpoint: Endpoint;
  readonly mode: Authenticator["mode"];
  readonly names: OptionNames;
  readonly url: string;
  /** The requested model, if known. */
  readonly model: string | undefined;
}

/** A known failure, and the advice on it. */
export interface Advice {
  readonly when: (request: FailedRequest) => boolean;
  /** The change that may make a retry succeed: another credential, or a corrected clock. */
  readonly retry?: "credential" | "clock";
  readonly advise: (request: FailedRequest) => string | undefined;
}

/** Matches the message of the service, or the type of an error in AWS's own format. */
function matchMessage(
  words: RegExp,
  statuses: readonly number[],
  types: readonly string[] = [],
): (request: FailedRequest) => boolean {
  return ({ failure: { status, message, code } }) =>
    (statuses.includes(status) && words.test(message)) || (status < 500 && types.includes(code));
}

const DENIED = [401, 403];

/** The first row that matches counts. */
const ADVICE: readonly Advice[] = [
  {
    // Looks like a missing entitlement, but means the wrong path
    when: matchMessage(/^Berm is not enabled/, [401]),
    advise: adviseOnPrefix,
  },
  {
    when: matchMessage(/^The model .* does not support the '[^']*' API/, [400]),
    advise: adviseOnPrefix,
  },
  {
    when: matchMessage(/^model .* isn't supported on this route/, [400, 404]),
    advise: adviseOnPrefix,
  },
  {
    when: matchMessage(/ is not authorized to perform: \S/, DENIED),
    advise: adviseOnPermission,
  },
  {
    when: matchMessage(/^Credential should be scoped to/, DENIED),
    advise: adviseOnScope,
  },
  {
    // A short-term key is itself a signature, and expires whatever the clock says
    when: (request) =>
      request.mode === "sigv4" &&
      matchMessage(/^Signature (?:expired|not yet current)/, DENIED, ["RequestTimeTooSkewed"])(
        request,
      ),
    retry: "clock",
    advise: () => "The clock of this machine is off by more than AWS allows. Correct it.",
  },
  {
    when: matchMessage(
      /^Signature (?:expired|not yet current)|^The security token included in the request is expired/,
      DENIED,
      ["ExpiredToken", "ExpiredTokenException", "RequestTimeTooSkewed"],
    ),
    retry: "credential",
    advise: ({ mode }) =>
      mode === "bearer"
        ? "The Bedrock API key has expired. Create a new one."
        : "The AWS credentials have expired. Log in again, for example with: aws sso login.",
  },
  {
    when: matchMessage(
      /^The security token included in the request is inv|^Invalid bearer token|API Key is valid\.$|^The request signature we calculated/,
      DENIED,
      ["UnrecognizedClientException", "InvalidClientTokenId"],
    ),
    retry: "credential",
    advise: ({ mode }) =>
      mode === "bearer"
        ? "Bedrock does not recognize this API key. Check that it is complete, was not deleted, and " +
          "is for this region."
        : "AWS does not recognize these credentials. Check that access key, secret key and session " +
          "token belong together.",
  },
  {
    when: ({ failure, model }) =>
      failure.status === 404 && model !== undefined &&
      /^(?:us|us-gov|eu|apac|global)\./.test(model),
    advise: ({ model, names }) =>
      `Ids such as ${model} are inference profiles of Bedrock Runtime. Remove ` +
      `the first part, or set ${nameOption("endpoint", names)} to "runtime".`,
  },
];

/** Finds the advice for a failed request; `undefined` if the service's own message says enough. */
export function findAdvice(request: FailedRequest): Advice | undefined {
  return ADVICE.find(({ when }) => when(request));
}

function adviseOnPrefix({ endpoint, url, model, names }: FailedRequest): string {
  const other = new URL(url).pathname.includes(`${DEFAULT_PREFIX}/`) ? "/v1" : DEFAULT_PREFIX;
  const what = `Mantle serves each model under one path only. This one may be under ${other}, or ` +
    "support a different API.";
  if (!endpoint.derived) {
    const { baseURL } = endpoint;
    const root = `${baseURL.replace(/(?:\/openai)?\/v1$/, "")}${other}`;
    return `${what} Set ${nameOption("baseURL", names)} to ${root}.`;
  }
  return model === undefined
    ? what
    : `${what} Set ${nameOption("routes", names)} to [["${model}", "${other}"]].`;
}

function adviseOnScope({ mode, endpoint: { service, region }, names }: FailedRequest): string {
  if (mode === "bearer") {
    return "This API key is for another region. Create one for the region behind the base URL.";
  }
  return `This request was signed for ${service} in ${region}. Set ` +
    `${nameOption("endpoint", names)} and ${nameOption("region", names)} to match the base URL.`;
}

/**
 * Names the kind of policy, as AWS's sentence does.
 *
 * @see https://docs.aws.amazon.com/IAM/latest/UserGuide/troubleshoot_access-denied.html
 */
function adviseOnPermission({ failure: { message } }: FailedRequest): string {
  const [, action = ""] = /is not authorized to perform: (\S+)/.exec(message) ?? [];
  const [deny, where = "a policy"] =
    /with an explicit deny(?: in (an? [\w -]{1,40}))?/.exec(message) ?? [];
  if (deny) {
    return `${action} is denied in ${where}. Change that one: to allow it elsewhere does not help.`;
  }
  const [, kind = ""] = /because no ([\w -]{1,40}) allows/.exec(message) ?? [];
  const advice = adviseOnIdentity(action);
  return kind === "" || kind === "identity-based policy"
    ? advice
    : `${advice} The ${kind} must allow it as well.`;
}

function adviseOnIdentity(action: string): string {
  if (action.endsWith(":CallWithBearerToken")) {
    return `Allow ${action} with Resource "*" for the identity behind the API key, or use AWS ` +
      "credentials, which do not need this permission.";
  }
  return action === "bedrock-mantle:CreateInference"
    ? `Allow ${action} for the identity, for example with the managed policy ` +
      "AmazonBedrockMantleInferenceAccess."
    : `Allow ${action} for the identity.`;
}

/** Advises on a failed connection to a region that may not be served; `undefined` if it is. */
export function adviseOnRegion(
  { family, derived, region }: Endpoint,
  names: OptionNames,
): string | undefined {
  if (family !== "mantle" || !derived || !region || SERVED_REGIONS.includes(region)) {
    return undefined;
  }
  return `Could not connect to Mantle in ${region}, which is not among the regions that AWS listed on ` +
    `${SERVED_REGIONS_AS_OF}: ${SERVED_REGIONS.join(", ")}. Use one of them, or set ` +
    `${nameOption("endpoint", names)} to "runtime"`;
}

/** Appends advice to a failed response, in OpenAI's envelope. */
export function withAdvice(
  response: Response,
  failure: Failure,
  advice: string | undefined,
): Response {
  if (failure.enveloped && advice === undefined) return response;
  const { message } = failure;
  const ended = /[.!?]$/.test(message) ? message : `${message}.`;
  const text = advice === undefined ? message : `${ended} ${advice}`;
  cancelBody(response);
  const body = JSON.stringify({ error: { ...failure.error, message: text } });
  const headers = { "content-type": "application/json" };
  const replaced = replaceResponse(response, body, { status: failure.status, headers });
  for (const name of ["content-length", "content-encoding"]) replaced.headers.delete(name);
  return replaced;
}

/** The longest body, in characters, that may be Bedrock Runtime's response to an unknown path. */
const MAX_UNKNOWN_OPERATION = 1_000;

/** Replaces Bedrock Runtime's 200 for unknown paths with a 404 that says why. */
export async function reportUnknownOperation(
  response: Response,
  { family }: Endpoint,
  url: string,
): Promise<Response> {
  if (family !== "runtime") return response;
  const { pathname } = new URL(url);
  const isJson = /\bjson\b/.test(response.headers.get("content-type") ?? "");
  if (pathname.startsWith("/openai/") || !isJson) return response;
  const body = parseObject(await peekText(response, MAX_UNKNOWN_OPERATION) ?? "");
  const output = body && readProperty(body, "Output");
  const type = output instanceof Object && readProperty(output, "__type");
  if (typeof type !== "string" || !type.endsWith("#UnknownOperationException")) return response;
  const [status, code] = [404, "UnknownOperationException"];
  const message = `Bedrock Runtime serves nothing at ${pathname}`;
  const error = { type: code, code, param: null };
  const failure = { status, message, code, error, enveloped: false };
  return withAdvice(response, failure, "Use a base URL that ends in /openai/v1.");
}
