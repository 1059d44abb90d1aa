import type { CallbackProperties, Case, Connection } from "../case.ts";
import { equal, match, ok } from "../check.ts";
import { changesOptions, sendsTwice } from "../subjects/faults.ts";
import { failureOf } from "./failures.ts";
import { LOOKUP_NEEDS, LOOKUPS } from "./lookups.ts";
import { isNew, rotating } from "./rotation.ts";
import { ask, call, empty } from "./steps.ts";
import { EXPIRED_TOKEN, LITELLM_33094 } from "./sources.ts";

const ARN = "arn:aws:sts::111122223333:assumed-role/example/session";
const denied = (action: string) => `User: ${ARN} is not authorized to perform: ${action}`;
const EXPIRED = "The security token included in the request is expired";

interface Kept {
  readonly id: string;
  readonly what: string;
  readonly source?: string;
  readonly status: number;
  readonly message: string;
  readonly code?: string;
}

/** Failures that another credential would not fix, or that the client itself retries. */
const KEPT: readonly Kept[] = [
  {
    id: "not-after-inference-denied",
    what: "A policy without permission for inference",
    source: LITELLM_33094,
    status: 401,
    message: denied("bedrock-mantle:CreateInference"),
    code: "access_denied",
  },
  {
    id: "not-after-bearer-tokens-denied",
    what: "A policy without permission for bearer tokens",
    status: 403,
    message: denied("bedrock-mantle:CallWithBearerToken"),
  },
  {
    id: "not-after-berm",
    what: "A wrong path that is reported as a missing entitlement",
    status: 401,
    message: "Berm is not enabled for this account",
    code: "access_denied",
  },
  {
    id: "not-after-model-not-available",
    what: "A model that the account may not use",
    status: 401,
    message: "openai.gpt-5.5 is not available for this account",
    code: "access_denied",
  },
  {
    id: "not-after-wrong-service",
    what: "A signature for another service",
    status: 401,
    message: "Credential should be scoped to correct service: 'bedrock'.",
    code: "invalid_api_key",
  },
  { id: "not-after-invalid-request", what: "An invalid request", status: 400, message: "No" },
  { id: "not-after-throttling", what: "Throttling", status: 429, message: "Too many requests" },
  {
    id: "not-after-server-error",
    what: "A server error with the message of an expired token",
    status: 500,
    message: EXPIRED,
    code: "ExpiredToken",
  },
  { id: "not-after-unavailable", what: "An unavailable service", status: 503, message: EXPIRED },
];

function kept({ id, what, source = EXPIRED_TOKEN, status, message, code }: Kept): Case {
  return {
    id: `recovery/${id}`,
    title: `${what} is reported after one request, without a refresh of the credential`,
    source,
    own: true,
    needs: ["respond", "tokenProvider", "sigv4", "recovers"],
    handle: () => Response.json({ error: { message, code, type: null } }, { status }),
    async run(subject, context) {
      for (const lookup of LOOKUPS) {
        const before = context.sent.length;
        const { options, forced } = rotating(lookup, context);
        const connection = await subject.connect(options, context.fetch);
        const error = await failureOf(ask(connection, { maxRetries: 0 }));
        ok((error as Error).message.includes(message), "The service's message is lost");
        equal([context.sent.length - before, forced], [1, [false]], "Requests and forced lookups");
      }
    },
    negative: sendsTwice,
  };
}

const refusingOld: NonNullable<Case["handle"]> = (request, count) =>
  LOOKUPS.every((lookup) => isNew(lookup, request))
    ? empty(request, count)
    : Response.json({ error: { message: EXPIRED } }, { status: 401 });

const textStream = () => new Blob(['{"model":"openai.gpt-5.4"}']).stream();

interface OneShot {
  readonly id: string;
  readonly what: string;
  readonly needs: Case["needs"];
  send(connection: Connection): Promise<unknown>;
}

const ONE_SHOTS: readonly OneShot[] = [
  {
    id: "a-stream",
    what: "a stream",
    needs: ["call"],
    send: (connection) => call(connection, "POST", "/responses", { body: textStream() }),
  },
  {
    id: "a-request",
    what: "a Request with a body",
    needs: ["fetch"],
    async send({ fetch, baseURL }) {
      const init = { method: "POST", body: '{"model":"openai.gpt-5.4"}' };
      const response = await fetch?.(new Request(`${baseURL}/responses`, init));
      throw new Error((await response?.json()).error.message);
    },
  },
];

const oneShots = ONE_SHOTS.map(({ id, what, needs, send }): Case => ({
  id: `recovery/not-with-${id}`,
  title: `A refused request whose body is ${what}, which can be read only once, is not retried`,
  source: "https://fetch.spec.whatwg.org/#concept-body-source",
  own: true,
  needs: [...needs, "tokenProvider", "recovers"],
  handle: refusingOld,
  async run(subject, context) {
    const { options, forced } = rotating("token", context);
    const connection = await subject.connect(options, context.fetch);
    match((await failureOf(send(connection)) as Error).message, /read only once/, "Advice");
    equal([context.sent.length, forced], [1, [false]], "Requests and forced lookups");
  },
  negative: sendsTwice,
}));

const buffered: Case = {
  id: "recovery/buffered-stream",
  title: "A refused request whose stream was buffered is retried with the whole body",
  source: "https://fetch.spec.whatwg.org/#concept-body-source",
  own: true,
  needs: ["call", "sigv4", "streamBodies", "recovers"],
  handle: refusingOld,
  async run(subject, context) {
    const { options } = rotating("credentials", context);
    const connection = await subject.connect({ ...options, bufferLimit: 100 }, context.fetch);
    await call(connection, "POST", "/responses", { body: textStream() });
    const bodies = context.sent.map(({ body }) => new TextDecoder().decode(body));
    equal(bodies, Array(2).fill('{"model":"openai.gpt-5.4"}'), "Bodies");
  },
  negative: changesOptions(({ bufferLimit: _, ...rest }) => rest),
};

/**
 * Uses a callback that caches, as AWS's own chain does, and whose first refresh changes
 * nothing.
 */
const fruitless = LOOKUPS.map((lookup): Case => ({
  id: `recovery/looks-again-after-a-fruitless-refresh-of-the-${lookup}`,
  title: `After a refresh that returned the same ${lookup}, the next refusal triggers another`,
  source: "https://github.com/aws/aws-sdk-js-v3/issues/3396",
  own: true,
  needs: ["respond", LOOKUP_NEEDS[lookup], "recovers"],
  handle: refusingOld,
  async run(subject, context) {
    const { options: { tokenProvider: token, credentialProvider: keys, ...options } } = rotating(
      lookup,
      context,
    );
    let isLoggedIn = false;
    const ifLoggedIn = (properties?: CallbackProperties) => isLoggedIn ? properties : undefined;
    const connection = await subject.connect({
      ...options,
      ...(token && { tokenProvider: (properties) => token(ifLoggedIn(properties)) }),
      ...(keys && { credentialProvider: (properties) => keys(ifLoggedIn(properties)) }),
    }, context.fetch);
    match((await failureOf(ask(connection)) as Error).message, /the same/, "Advice");
    isLoggedIn = true;
    await ask(connection);
    equal(context.sent.length, 3, "Requests");
  },
  negative: sendsTwice,
}));

export const recoveryLimits: readonly Case[] = [
  ...KEPT.map(kept),
  ...oneShots,
  buffered,
  ...fruitless,
];
