import type { ResolveIdentity } from "../auth/credentials.ts";
import { placeService, STS } from "./endpoint.ts";
import type { WebIdentityOptions } from "./options.ts";
import { reuseSession } from "./session.ts";
import { callSts, listParameters, type RolePlan } from "./sts_call.ts";
import { planToken } from "./token.ts";

/**
 * Creates what assumes a role by a token, in a request that is not signed.
 *
 * @see https://docs.aws.amazon.com/STS/latest/APIReference/API_AssumeRoleWithWebIdentity.html
 */
export function createSession(options: WebIdentityOptions, plan: RolePlan): ResolveIdentity {
  const { role, env, platform } = plan;
  const place = placeService(STS, { ...options, endpoint: options.stsEndpoint }, role.region, env);
  const wire = { place, fetch: options.fetch, platform };
  return reuseSession<string>({
    lookUp: planToken(options.token, "token"),
    isSame: (one, other) => one === other,
    exchange(token, signal) {
      const parameters = listParameters(options, plan, {
        WebIdentityToken: token,
        ProviderId: options.providerId,
      });
      const about = { secrets: [token], role: role.arn, token };
      const operation = "AssumeRoleWithWebIdentity";
      return callSts({ operation, parameters, about }, wire, signal);
    },
  }, platform);
}
