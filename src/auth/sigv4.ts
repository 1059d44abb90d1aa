import type { Endpoint } from "../endpoint/endpoint.ts";
import type { BodyOptions } from "../options.ts";
import { copyBody } from "../platform/body.ts";
import { andThen, lazy } from "../platform/lazy.ts";
import { type AdjustableClock, type Platform, readClock } from "../platform/platform.ts";
import type { Scheme } from "./authenticator.ts";
import { type FoundIdentity, isSameIdentity } from "./credentials.ts";
import type { SigningPlan } from "./plan.ts";
import type { SignableBody } from "./signed_request.ts";

/** Signs requests with Signature Version 4, in the `Authorization` header. */
export function sigv4Scheme(
  plan: SigningPlan,
  { region, service }: Endpoint,
  platform: Platform,
  clock: AdjustableClock,
  bodyOptions: BodyOptions,
): Scheme<FoundIdentity, SignableBody> {
  // Never loaded by a client with a token
  const signer = lazy(async () => {
    const [signing, digest] = await Promise.all([import("./signed_request.ts"), platform.digest()]);
    return { ...signing, digest };
  });
  return {
    mode: "sigv4",
    renewal: plan.renewal,
    takeBody(body, isPrivate) {
      const copy = copyBody(body);
      return () =>
        andThen(signer(), ({ readSignableBody }) => readSignableBody(copy, bodyOptions, isPrivate));
    },
    lookUp: (properties) => plan.identity({ ...properties, region }),
    attach: (request, identity) =>
      andThen(signer(), ({ signRequest, digest }) => {
        const scope = { region: region!, service };
        return signRequest(request, { identity, scope, now: readClock(clock), digest });
      }),
    same: isSameIdentity,
    describe: ({ expiration, foundIn, skipped }) => {
      return { region: undefined, expiration, foundIn, skipped };
    },
  };
}
