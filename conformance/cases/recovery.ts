import type { Case, Context, SentRequest, SubjectOptions } from "../case.ts";
import { equal, match, ok } from "../check.ts";
import { configures, type Fault, sendsTwice } from "../subjects/faults.ts";
import { failureOf, keeps } from "./failures.ts";
import { type Lookup, LOOKUP_NEEDS, LOOKUPS } from "./lookups.ts";
import { lookupsOf, rotating } from "./rotation.ts";
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

/** What a service says to a credential that has ended, or that it does not know. */
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

/** Keeps a callback from being told to look afresh. */
const untold = configures(({ tokenProvider, credentialProvider, ...rest }) => ({
  ...rest,
  ...(tokenProvider && { tokenProvider: () => tokenProvider() }),
  ...(credentialProvider && { credentialProvider: () => credentialProvider() }),
}));

interface Rotated {
  readonly id: string;
  readonly title: string;
  readonly source?: string;
  readonly answer: (lookup: Lookup) => NonNullable<Case["answer"]>;
  readonly negative: Fault;
  run(connect: Connect, context: Context, lookup: Lookup): Promise<void>;
}

/** A client with a source that hands out what is refused, until it is told to look afresh. */
type Connect = () => Promise<ReturnType<typeof rotating> & { ask(): Promise<string> }>;

function rotated({ id, source = CODEX_28992, answer, run, ...about }: Rotated): Case[] {
  return LOOKUPS.map((lookup) => ({
    ...about,
    id: `recovery/${id}-${lookup}`,
    title: about.title.replaceAll("credential", lookup),
    source,
    own: true,
    needs: ["respond", LOOKUP_NEEDS[lookup], "recovers"],
    answer: answer(lookup),
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

/** Refuses what is old, each time in other words. */
const refusingOld = (lookup: Lookup): NonNullable<Case["answer"]> => (request, count) => {
  const { isNew } = lookupsOf(lookup);
  if (isNew(request)) return empty(request, count);
  const { status, body } = refusalsOf(lookup)[(count - 1) / 2] ?? EXPIRED;
  return Response.json(body, { status });
};

const always: NonNullable<Case["answer"]> = () =>
  Response.json(EXPIRED.body, { status: EXPIRED.status });

const texts = (sent: readonly SentRequest[]) =>
  sent.map(({ body }) => new TextDecoder().decode(body));

const all: readonly Rotated[] = [
  {
    id: "renews-the",
    title: "A credential that has ended or is not known is looked up afresh, once, and used",
    answer: refusingOld,
    negative: untold,
    async run(connect, context, lookup) {
      for (const { body } of refusalsOf(lookup)) {
        const before = context.sent.length;
        const { ask, told } = await connect();
        await ask();
        equal(told, [false, true], `Lookups that were forced, after ${JSON.stringify(body)}`);
        const sent = context.sent.slice(before);
        equal(sent.length, 2, "Requests");
        ok(lookupsOf(lookup).isNew(sent[1] as SentRequest), "The second has the old credential");
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
    title: "When the fresh credential is refused as well, that is told, and nothing more is tried",
    answer: () => always,
    negative: sendsTwice,
    async run(connect, { sent }) {
      const { ask, told } = await connect();
      const { message } = EXPIRED.body.error;
      const error = await failureOf(ask());
      keeps(error, { ...EXPIRED.body.error, status: 401, message });
      match((error as Error).message, /ended/, "Explanation");
      equal([sent.length, told], [2, [false, true]], "Requests and forced lookups");
    },
  },
  {
    id: "no-loop-with-the",
    title: "A client whose credential stays refused makes two requests for each call, and no more",
    answer: () => always,
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
    title: "After a credential was renewed, later calls look it up as ever, and are not refused",
    answer: refusingOld,
    negative: untold,
    async run(connect, { sent }) {
      const { ask, told } = await connect();
      for (let call = 0; call < 3; call++) await ask();
      equal([sent.length, told], [4, [false, true, false, false]], "Requests and forced lookups");
    },
  },
  {
    id: "shares-one-refresh-of-the",
    title: "Calls that are refused at the same time share one fresh lookup of the credential",
    source: AWS_2297,
    answer: (lookup) => async (request, count) => {
      await new Promise((resolve) => setTimeout(resolve, 5));
      return await refusingOld(lookup)(request, count);
    },
    negative: configures(({ tokenProvider: token, credentialProvider: keys, ...rest }) => ({
      ...rest,
      ...(token && { tokenProvider: (told) => (token(told), token(told)) }),
      ...(keys && { credentialProvider: (told) => (keys(told), keys(told)) }),
    } as SubjectOptions)),
    async run(connect, { sent }) {
      const { ask, told } = await connect();
      await Promise.all(Array.from({ length: 5 }, ask));
      equal([sent.length, told.filter(Boolean).length], [10, 1], "Requests and forced lookups");
    },
  },
];

const fixed = LOOKUPS.map((lookup): Case => ({
  id: `recovery/same-${lookup}-is-not-tried-again`,
  title:
    `A refused ${lookup === "token" ? "API key" : "key pair"}, in whose place no other can come, ` +
    "is told so after one request",
  source: CODEX_28992,
  own: true,
  needs: ["respond", "sigv4", "recovers"],
  answer: always,
  async run(subject, { region, bearerToken: apiKey, credentials, fetch, sent }) {
    const auth = lookup === "token" ? { apiKey } : credentials;
    const connection = await subject.connect({ region, ...auth }, fetch);
    const { message } = await failureOf(ask(connection)) as Error;
    match(message, /ended/, "Explanation");
    equal(sent.length, 1, "Requests");
  },
  negative: sendsTwice,
}));

export const recovery: readonly Case[] = [...all.flatMap(rotated), ...fixed];
