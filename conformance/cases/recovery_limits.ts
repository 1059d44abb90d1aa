import type { Case, Connection, Refreshing } from "../case.ts";
import { equal, match, ok } from "../check.ts";
import { configures, sendsTwice } from "../subjects/faults.ts";
import { failureOf } from "./failures.ts";
import { LOOKUP_NEEDS, LOOKUPS } from "./lookups.ts";
import { lookupsOf, rotating } from "./rotation.ts";
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

/** Failures that another credential would not mend, or that the client sees to. */
const KEPT: readonly Kept[] = [
  {
    id: "inference-denied",
    what: "A policy that does not allow inference",
    source: LITELLM_33094,
    status: 401,
    message: denied("bedrock-mantle:CreateInference"),
    code: "access_denied",
  },
  {
    id: "bearer-tokens-denied",
    what: "A policy that does not allow bearer tokens",
    status: 403,
    message: denied("bedrock-mantle:CallWithBearerToken"),
  },
  {
    id: "berm",
    what: "A wrong path that looks like a missing entitlement",
    status: 401,
    message: "Berm is not enabled for this account",
    code: "access_denied",
  },
  {
    id: "model-not-available",
    what: "A model that the account may not use",
    status: 401,
    message: "openai.gpt-5.5 is not available for this account",
    code: "access_denied",
  },
  {
    id: "wrong-service",
    what: "A signature for another service",
    status: 401,
    message: "Credential should be scoped to correct service: 'bedrock'.",
    code: "invalid_api_key",
  },
  { id: "invalid-request", what: "A request that is not valid", status: 400, message: "No" },
  { id: "throttling", what: "Throttling", status: 429, message: "Too many requests" },
  {
    id: "server-error",
    what: "A failure of the server, whatever it says,",
    status: 500,
    message: EXPIRED,
    code: "ExpiredToken",
  },
  { id: "unavailable", what: "A service that is not available", status: 503, message: EXPIRED },
];

function kept({ id, what, source = EXPIRED_TOKEN, status, message, code }: Kept): Case {
  return {
    id: `recovery/not-after-${id}`,
    title: `${what} is told after one request, and no credential is looked up afresh`,
    source,
    own: true,
    needs: ["respond", "tokenProvider", "sigv4", "recovers"],
    answer: () => Response.json({ error: { message, code, type: null } }, { status }),
    async run(subject, context) {
      for (const lookup of LOOKUPS) {
        const before = context.sent.length;
        const { options, told } = rotating(lookup, context);
        const connection = await subject.connect(options, context.fetch);
        const error = await failureOf(ask(connection, { maxRetries: 0 }));
        ok((error as Error).message.includes(message), "The words of the service are lost");
        equal([context.sent.length - before, told], [1, [false]], "Requests and forced lookups");
      }
    },
    negative: sendsTwice,
  };
}

const refusingOld: NonNullable<Case["answer"]> = (request, count) =>
  LOOKUPS.every((lookup) => lookupsOf(lookup).isNew(request))
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
      const answer = await fetch?.(new Request(`${baseURL}/responses`, init));
      throw new Error((await answer?.json()).error.message);
    },
  },
];

const oneShots = ONE_SHOTS.map(({ id, what, needs, send }): Case => ({
  id: `recovery/not-with-${id}`,
  title: `A refused request whose body is ${what}, which is read only once, is not made again`,
  source: "https://fetch.spec.whatwg.org/#concept-body-source",
  own: true,
  needs: [...needs, "tokenProvider", "recovers"],
  answer: refusingOld,
  async run(subject, context) {
    const { options, told } = rotating("token", context);
    const connection = await subject.connect(options, context.fetch);
    match((await failureOf(send(connection)) as Error).message, /read only once/, "Explanation");
    equal([context.sent.length, told], [1, [false]], "Requests and forced lookups");
  },
  negative: sendsTwice,
}));

const buffered: Case = {
  id: "recovery/buffered-stream",
  title: "A refused request whose stream was buffered to be signed is made again with all of it",
  source: "https://fetch.spec.whatwg.org/#concept-body-source",
  own: true,
  needs: ["call", "sigv4", "streamBodies", "recovers"],
  answer: refusingOld,
  async run(subject, context) {
    const { options } = rotating("credentials", context);
    const connection = await subject.connect({ ...options, bufferLimit: 100 }, context.fetch);
    await call(connection, "POST", "/responses", { body: textStream() });
    const bodies = context.sent.map(({ body }) => new TextDecoder().decode(body));
    equal(bodies, Array(2).fill('{"model":"openai.gpt-5.4"}'), "Bodies");
  },
  negative: configures(({ bufferLimit: _, ...rest }) => rest),
};

/** Hands out what it found last, as AWS's own chain does, and looks only where it is told to. */
const fruitless = LOOKUPS.map((lookup): Case => ({
  id: `recovery/looks-again-after-a-fruitless-refresh-of-the-${lookup}`,
  title: `A fresh lookup that brought the same ${lookup} is made again once that is refused again`,
  source: "https://github.com/aws/aws-sdk-js-v3/issues/3396",
  own: true,
  needs: ["respond", LOOKUP_NEEDS[lookup], "recovers"],
  answer: refusingOld,
  async run(subject, context) {
    const { options: { tokenProvider: token, credentialProvider: keys, ...options } } = rotating(
      lookup,
      context,
    );
    let isLoggedIn = false;
    const heard = (refreshing?: Refreshing) => isLoggedIn ? refreshing : undefined;
    const connection = await subject.connect({
      ...options,
      ...(token && { tokenProvider: (refreshing) => token(heard(refreshing)) }),
      ...(keys && { credentialProvider: (refreshing) => keys(heard(refreshing)) }),
    }, context.fetch);
    match((await failureOf(ask(connection)) as Error).message, /the same/, "Explanation");
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
