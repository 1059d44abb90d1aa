import type { Case, Context, SentRequest, SubjectOptions } from "../case.ts";
import { equal, match, ok } from "../check.ts";
import { changesOptions, type Fault, sendsTwice } from "../subjects/faults.ts";
import { failureOf, keepsError } from "./failures.ts";
import { type Lookup, LOOKUP_NEEDS, LOOKUPS } from "./lookups.ts";
import { isNew, rotating } from "./rotation.ts";
import { verifies } from "./signature.ts";
import { ask, empty } from "./steps.ts";
import { CODEX_28992 } from "./sources.ts";

const AWS_2297 = "https://github.com/aws/aws-sdk-js-v3/issues/2297";

const ofMantle = (message: string) => ({
  status: 401,
  body: { error: { message, type: "permission_denied_error", code: "invalid_api_key" } },
});
const ofAws = (__type: string) => ({ status: 403, body: { __type, message: "Refused" } });

const EXPIRED = ofMantle("The security token included in the request is expired");

/** The refusals of an expired or unknown credential. */
const REFUSALS = {
  both: [
    EXPIRED,
    ofMantle("The security token included in the request is invalid."),
    ofAws("ExpiredTokenException"),
    ofAws("com.amazon.coral.service#UnrecognizedClientException"),
    ofAws("InvalidClientTokenId"),
  ],
  token: [
    ofMantle("Invalid bearer token"),
    ofMantle("Signature expired: 20260612T041911Z is now earlier than 20260612T062631Z"),
    {
      status: 403,
      body: { Message: "Authentication failed: Please make sure your API Key is valid." },
    },
  ],
  credentials: [
    ofMantle("The request signature we calculated does not match the signature you provided."),
  ],
};

const refusalsOf = (lookup: Lookup) => [...REFUSALS.both, ...REFUSALS[lookup]];

/** Hides from callbacks that a refresh is forced. */
const hidesRefresh = changesOptions(({ tokenProvider, credentialProvider, ...rest }) => ({
  ...rest,
  ...(tokenProvider && { tokenProvider: () => tokenProvider() }),
  ...(credentialProvider && { credentialProvider: () => credentialProvider() }),
}));

interface Rotated {
  readonly id: string;
  readonly title: string;
  readonly source?: string;
  readonly handle: (lookup: Lookup) => NonNullable<Case["handle"]>;
  readonly negative: Fault;
  run(connect: Connect, context: Context, lookup: Lookup): Promise<void>;
}

/** Connects a client whose callback returns a refused credential until a refresh is forced. */
type Connect = () => Promise<ReturnType<typeof rotating> & { ask(): Promise<string> }>;

function rotated({ id, source = CODEX_28992, handle, run, ...about }: Rotated): Case[] {
  return LOOKUPS.map((lookup) => ({
    ...about,
    id: `recovery/${id}-${lookup}`,
    title: about.title.replaceAll("credential", lookup),
    source,
    own: true,
    needs: ["respond", LOOKUP_NEEDS[lookup], "recovers"],
    handle: handle(lookup),
    async run(subject, context) {
      const connect: Connect = async () => {
        const { options, ...source } = rotating(lookup, context);
        const connection = await subject.connect(options, context.fetch);
        return { options, ...source, ask: () => ask(connection) };
      };
      await run(connect, context, lookup);
    },
  }));
}

/** Refuses the old credential, each time with another message. */
const refusingOld = (lookup: Lookup): NonNullable<Case["handle"]> => (request, count) => {
  if (isNew(lookup, request)) return empty(request, count);
  const { status, body } = refusalsOf(lookup)[(count - 1) / 2] ?? EXPIRED;
  return Response.json(body, { status });
};

const always: NonNullable<Case["handle"]> = () =>
  Response.json(EXPIRED.body, { status: EXPIRED.status });

const texts = (sent: readonly SentRequest[]) =>
  sent.map(({ body }) => new TextDecoder().decode(body));

const all: readonly Rotated[] = [
  {
    id: "renews-the",
    title: "After the service refuses a credential, it is refreshed once and the call is retried",
    handle: refusingOld,
    negative: hidesRefresh,
    async run(connect, context, lookup) {
      for (const { body } of refusalsOf(lookup)) {
        const before = context.sent.length;
        const { ask, forced } = await connect();
        await ask();
        equal(forced, [false, true], `Forced lookups after ${JSON.stringify(body)}`);
        const sent = context.sent.slice(before);
        equal(sent.length, 2, "Requests");
        ok(isNew(lookup, sent[1] as SentRequest), "The second has the old credential");
        equal(texts(sent)[1], texts(sent)[0], "Body of the second");
        const { credentials } = context;
        if (lookup === "credentials") {
          await verifies(sent[1] as SentRequest, context, { credentials });
        }
      }
    },
  },
  {
    id: "then-fails-fast-with-the",
    title:
      "If the new credential is refused too, the error is reported and there is no further retry",
    handle: () => always,
    negative: sendsTwice,
    async run(connect, { sent }) {
      const { ask, forced } = await connect();
      const { message } = EXPIRED.body.error;
      const error = await failureOf(ask());
      keepsError(error, { ...EXPIRED.body.error, status: 401, message });
      match((error as Error).message, /expired/, "Advice");
      equal([sent.length, forced], [2, [false, true]], "Requests and forced lookups");
    },
  },
  {
    id: "no-loop-with-the",
    title: "A client whose credential is always refused makes only two requests per call",
    handle: () => always,
    negative: sendsTwice,
    async run(connect, { sent }) {
      const { ask } = await connect();
      for (const call of [1, 2, 3]) {
        await failureOf(ask());
        ok(sent.length <= 2 * call, `${sent.length} requests for ${call} calls`);
      }
    },
  },
  {
    id: "serves-later-calls-with-the",
    title: "After a refresh of the credential, later calls use the normal lookup and succeed",
    handle: refusingOld,
    negative: hidesRefresh,
    async run(connect, { sent }) {
      const { ask, forced } = await connect();
      for (let call = 0; call < 3; call++) await ask();
      equal([sent.length, forced], [4, [false, true, false, false]], "Requests and forced lookups");
    },
  },
  {
    id: "shares-one-refresh-of-the",
    title: "Calls that are refused at the same time share one refresh of the credential",
    source: AWS_2297,
    handle: (lookup) => async (request, count) => {
      await new Promise((resolve) => setTimeout(resolve, 5));
      return await refusingOld(lookup)(request, count);
    },
    negative: changesOptions(({ tokenProvider: token, credentialProvider: keys, ...rest }) => ({
      ...rest,
      ...(token && { tokenProvider: (given) => (token(given), token(given)) }),
      ...(keys && { credentialProvider: (given) => (keys(given), keys(given)) }),
    } as SubjectOptions)),
    async run(connect, { sent }) {
      const { ask, forced } = await connect();
      await Promise.all(Array.from({ length: 5 }, ask));
      equal([sent.length, forced.filter(Boolean).length], [10, 1], "Requests and forced lookups");
    },
  },
];

const fixed = LOOKUPS.map((lookup): Case => ({
  id: `recovery/same-${lookup}-is-not-tried-again`,
  title:
    `A refused ${
      lookup === "token" ? "API key" : "key pair"
    } that cannot be refreshed is reported ` +
    "after one request",
  source: CODEX_28992,
  own: true,
  needs: ["respond", "sigv4", "recovers"],
  handle: always,
  async run(subject, { region, bearerToken: apiKey, credentials, fetch, sent }) {
    const auth = lookup === "token" ? { apiKey } : credentials;
    const connection = await subject.connect({ region, ...auth }, fetch);
    const { message } = await failureOf(ask(connection)) as Error;
    match(message, /expired/, "Advice");
    equal(sent.length, 1, "Requests");
  },
  negative: sendsTwice,
}));

export const recovery: readonly Case[] = [...all.flatMap(rotated), ...fixed];
