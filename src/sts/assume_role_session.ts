import { fromCallback } from "../auth/callback.ts";
import {
  type FoundIdentity,
  isSameIdentity,
  readIdentity,
  type ResolveIdentity,
} from "../auth/credentials.ts";
import { regionMissing } from "../endpoint/region.ts";
import { BedrockError } from "../errors.ts";
import { adviseOnHidden, type Environment, hiddenFlag } from "../platform/environment.ts";
import { type AdjustableClock, readClock } from "../platform/platform.ts";
import { adjustClock } from "../sigv4/clock.ts";
import { signHeaders } from "../sigv4/sign.ts";
import { placeService, STS } from "./endpoint.ts";
import type { AssumeRoleOptions } from "./options.ts";
import { reuseSession } from "./session.ts";
import { callSts, listParameters, type RolePlan, type StsRequest } from "./sts_call.ts";
import type { Message } from "./wire.ts";

/** The messages of STS about a signature of another time. */
const WRONG_TIME = /^Signature (?:expired|not yet current)/;

/**
 * Creates what assumes a role by a request that is signed with AWS credentials.
 *
 * @see https://docs.aws.amazon.com/STS/latest/APIReference/API_AssumeRole.html
 */
export function createSession(options: AssumeRoleOptions, plan: RolePlan): ResolveIdentity {
  const { role, env, platform } = plan;
  const place = placeService(STS, { ...options, endpoint: options.stsEndpoint }, role.region, env);
  const { region } = place;
  if (region === undefined) throw regionMissing(env);
  const { externalId, tokenCode, fetch } = options;
  const code = tokenCode && fromCallback(tokenCode, "tokenCode", readCode);
  const clock: AdjustableClock = { machine: platform.now, offset: 0 };

  async function sign(message: Message, identity: FoundIdentity): Promise<Message> {
    const digest = await platform.digest();
    const { method, url, headers, body = "" } = message;
    const unsigned = {
      method,
      url: new URL(url),
      headers: [["content-type", headers.get("content-type")!]] as const,
      payloadHash: await digest.sha256(body),
    };
    const scope = { region: region!, service: "sts" };
    const added = await signHeaders(unsigned, { identity, scope, now: readClock(clock), digest });
    for (const [name, value] of added) headers.set(name, value);
    return message;
  }
  const correctClock: StsRequest["correctClock"] = ({ code, message }, reply, sent) =>
    (code === "RequestTimeTooSkewed" || WRONG_TIME.test(message)) &&
    adjustClock(clock, reply, sent);

  return reuseSession<FoundIdentity>({
    lookUp: planSource(options.credentials, env),
    isSame: isSameIdentity,
    async exchange(identity, signal) {
      const parameters = listParameters(options, plan, {
        ExternalId: externalId,
        SourceIdentity: options.sourceIdentity,
        SerialNumber: options.serialNumber,
        TokenCode: await code?.(),
      });
      Object.entries(options.tags ?? {}).forEach(([key, value], at) => {
        const name = `Tags.member.${at + 1}`;
        parameters.push([`${name}.Key`, key], [`${name}.Value`, value]);
      });
      options.transitiveTagKeys?.forEach((key, at) => {
        parameters.push([`TransitiveTagKeys.member.${at + 1}`, key]);
      });
      const { accessKeyId, secretAccessKey, sessionToken = "" } = identity;
      const secrets = [accessKeyId, secretAccessKey, sessionToken].filter(Boolean);
      const about = { secrets, role: role.arn, hasExternalId: externalId !== undefined };
      const signed = (message: Message) => sign(message, identity);
      const request = { operation: "AssumeRole", parameters, about, sign: signed, correctClock };
      return await callSts(request, { place, fetch, platform }, signal);
    },
  }, platform);
}

/** Decides which credentials a role is assumed with. */
function planSource(given: AssumeRoleOptions["credentials"], env: Environment): ResolveIdentity {
  if (typeof given === "function") return fromCallback(given, "credentials", readIdentity);
  const identity = given && readIdentity(given, "{credentials}");
  return async () => identity ?? readKeys(env);
}

function readKeys(env: Environment): FoundIdentity {
  const [accessKeyId, secretAccessKey] = ["AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY"].map((
    name,
  ) => env.get(name));
  if (accessKeyId && secretAccessKey) {
    const sessionToken = env.get("AWS_SESSION_TOKEN");
    return readIdentity({ accessKeyId, secretAccessKey, sessionToken }, "the environment");
  }
  throw new BedrockError(
    "credentials_missing",
    "There are no credentials to assume the role with. Pass {credentials}, or set " +
      `AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY${adviseOnHidden(env)}`,
    { option: "credentials", flag: hiddenFlag(env) },
  );
}

function readCode(code: unknown, source: string): string {
  if (typeof code === "string" && /^\d{6}$/.test(code)) return code;
  throw new BedrockError(
    "credentials_invalid",
    `${source} did not resolve to a code of six digits`,
  );
}
