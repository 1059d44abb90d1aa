import { type FoundIdentity, readIdentity } from "../auth/credentials.ts";
import type { Environment } from "../platform/environment.ts";
import type { MaybePromise } from "../platform/lazy.ts";
import type { RetryingPlatform } from "../platform/retrying_platform.ts";
import type { ServicePlace } from "./endpoint.ts";
import type { RoleOptions } from "./options.ts";
import { Refused, type RefusedRequest } from "./refused.ts";
import { whyPassing } from "./retries.ts";
import type { Role } from "./role.ts";
import { type Message, type Passing, type Reply, sendRetrying, type Wire } from "./wire.ts";
import { elementText } from "./xml.ts";

/** The way to reach STS. */
export interface StsWire extends Omit<Wire, "name"> {
  readonly place: ServicePlace;
}

/** The role to assume, and where. */
export interface RolePlan {
  readonly role: Role;
  readonly env: Environment;
  readonly platform: RetryingPlatform;
}

/** A parameter of a request, whose names may not repeat. */
export type Parameter = [name: string, value: string];

/** Lists the parameters of a role and its session, and those that an operation has besides. */
export function listParameters(
  { durationSeconds, policy, policyArns }: RoleOptions,
  { role: { arn, sessionName }, platform }: RolePlan,
  more: Readonly<Record<string, string | undefined>>,
): Parameter[] {
  const named: Record<string, string | undefined> = {
    RoleArn: arn,
    RoleSessionName: sessionName ?? `mantle-bedrock-${platform.now()}`,
    DurationSeconds: durationSeconds?.toString(),
    Policy: policy,
    ...more,
  };
  policyArns?.forEach((each, at) => named[`PolicyArns.member.${at + 1}.arn`] = each);
  return Object.entries(named).filter((pair): pair is Parameter => pair[1] !== undefined);
}

/** A request to STS. */
export interface StsRequest {
  readonly operation: string;
  readonly parameters: readonly Parameter[];
  /** The facts for an error if it is refused. */
  readonly about: Pick<RefusedRequest, "secrets" | "role" | "token" | "hasExternalId">;
  /** Signs it. */
  readonly sign?: ((message: Message) => MaybePromise<Message>) | undefined;
  /** Says whether a signature failed only because of the clock, which is then set right. */
  readonly correctClock?: (
    error: { readonly code: string; readonly message: string },
    reply: Reply,
    sent: Message,
  ) => boolean;
}

/** The version of STS's API. */
const VERSION = "2011-06-15";

/**
 * Asks STS for the credentials of a session.
 *
 * @throws {Refused} what STS refused
 * @see https://docs.aws.amazon.com/STS/latest/APIReference/welcome.html
 */
export async function callSts(
  { operation, parameters, about, sign = (message) => message, correctClock }: StsRequest,
  { place, ...wire }: StsWire,
  signal: AbortSignal,
): Promise<FoundIdentity> {
  const { name } = place.service;
  const body = new URLSearchParams([
    ["Action", operation],
    ["Version", VERSION],
    ...parameters,
  ]).toString();
  const prepare = () => {
    const headers = new Headers({ "content-type": "application/x-www-form-urlencoded" });
    return sign({ method: "POST", url: `${place.url}/`, headers, body });
  };
  const mayPass = (reply: Reply, sent: Message): Passing | undefined => {
    const error = readError(reply);
    return correctClock?.(error, reply, sent) ? "transient" : whyPassing(error.code);
  };
  const reply = await sendRetrying({ name, ...wire }, prepare, signal, mayPass);
  const { status, text } = reply;
  const read = (element: string) => elementText(text, element);
  const accessKeyId = read("AccessKeyId");
  if (status >= 300 || accessKeyId === undefined) {
    throw new Refused({ place, operation, status, ...readError(reply), ...about });
  }
  return readIdentity({
    accessKeyId,
    secretAccessKey: read("SecretAccessKey"),
    sessionToken: read("SessionToken"),
    expiration: read("Expiration"),
  }, name);
}

function readError({ text, headers }: Reply) {
  return {
    code: elementText(text, "Code") ?? "",
    message: elementText(text, "Message") ?? "",
    requestId: elementText(text, "RequestId") ?? headers.get("x-amzn-requestid") ?? undefined,
  };
}
