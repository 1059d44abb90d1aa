import type { Case, SubjectOptions } from "../case.ts";
import { equal, ok } from "../check.ts";
import { changesOptions, changesRequest, sendsWhenRefused } from "../subjects/faults.ts";
import { printed } from "./printed.ts";
import { ask, empty, hasBearer, last, refuses, sentBy } from "./steps.ts";
import { BEDROCK_GUIDE } from "./sources.ts";

const ISSUE_2419 = "https://github.com/openai/openai-node/issues/2419";
const SECRET = "TOP-SECRET-VALUE";

const UNSENDABLE = {
  "a line break": `${SECRET}\nx-own: 1`,
  "a carriage return": `${SECRET}\r`,
  "a NUL": `${SECRET}\0`,
  "a character beyond Latin-1": `${SECRET}\u0100`,
};

const SPACED = { "a space before it": ` ${SECRET}`, "a tab after it": `${SECRET}\t` };

const onlyHeader: Case = {
  id: "bearer/only-the-token",
  title: "A request with a bearer token carries no trace of a signature",
  source: BEDROCK_GUIDE,
  needs: ["respond"],
  handle: empty,
  async run(subject, context) {
    const options = { region: context.region, apiKey: context.bearerToken };
    const request = await sentBy(subject, context, options);
    hasBearer(request, context.bearerToken);
    const amazon = [...request.headers.keys()].filter((name) => /^x-amz-|api-key/.test(name));
    equal(amazon, [], "Headers that do not belong");
  },
  negative: changesRequest(({ headers }) => headers.set("x-amz-date", "20260101T000000Z")),
};

function unsendable(
  id: string,
  title: string,
  tokens: Readonly<Record<string, string>>,
  optionsFor: OptionsFor,
): Case {
  return {
    id: `bearer/${id}`,
    title,
    source: ISSUE_2419,
    needs: "tokenProvider" in optionsFor("") ? ["respond", "tokenProvider"] : ["respond"],
    handle: empty,
    async run(subject, context) {
      for (const [what, token] of Object.entries(tokens)) {
        const options = { region: context.region, ...optionsFor(token) };
        const error = await refuses(subject, context, options, what);
        ok(!printed(error).includes(SECRET), `The error about ${what} quotes the token`);
      }
    },
    negative: (subject) => ({
      ...subject,
      connect: (options, fetch) =>
        subject.connect(options, fetch).then((connection) => ({
          ...connection,
          respond: (...args) =>
            connection.respond?.(...args).catch((error) => quote(error)) ?? quote(undefined),
        }), quote),
    }),
  };
}

type OptionsFor = (token: string) => SubjectOptions;

function quote(error: unknown): never {
  throw new Error(`Bearer ${SECRET} cannot be sent`, { cause: error });
}

const blankProvided: Case = {
  id: "bearer/blank-provided-token",
  title: "Nothing is sent if a token provider resolves to a blank token",
  source: BEDROCK_GUIDE,
  needs: ["respond", "tokenProvider"],
  handle: empty,
  async run(subject, context) {
    for (const token of ["", "  "]) {
      const options = { region: context.region, tokenProvider: () => token };
      await refuses(subject, context, options, "a blank token");
    }
  },
  negative: sendsWhenRefused,
};

const eachRequest: Case = {
  id: "bearer/provider-is-asked-for-every-request",
  title: "A token provider is called for every request",
  source: BEDROCK_GUIDE,
  needs: ["respond", "tokenProvider"],
  handle: empty,
  async run(subject, context) {
    let count = 0;
    const tokenProvider = async () => `token-${++count}`;
    const options = { region: context.region, tokenProvider };
    const connection = await subject.connect(options, context.fetch);
    for (const token of ["token-1", "token-2", "token-3"]) {
      await ask(connection);
      hasBearer(last(context), token);
    }
  },
  negative: changesOptions((options) => {
    const token = options.tokenProvider?.();
    return { ...options, tokenProvider: async () => await token ?? "" };
  }),
};

const concurrent: Case = {
  id: "bearer/concurrent-requests-do-not-mix",
  title: "Concurrent requests each carry the token that was resolved for them",
  source: BEDROCK_GUIDE,
  needs: ["respond", "tokenProvider"],
  handle: empty,
  async run(subject, context) {
    let count = 0;
    const tokenProvider = async () => {
      const token = `token-${++count}`;
      await new Promise((resolve) => setTimeout(resolve, 5 - count % 5));
      return token;
    };
    const options = { region: context.region, tokenProvider };
    const connection = await subject.connect(options, context.fetch);
    await Promise.all(Array.from({ length: 10 }, () => ask(connection)));
    const tokens = context.sent.map(({ headers }) => headers.get("authorization"));
    equal(tokens.toSorted(), tokensUpTo(10), "Tokens sent");
  },
  negative: changesRequest(({ headers }) => headers.set("authorization", "Bearer token-1")),
};

function tokensUpTo(count: number): string[] {
  return Array.from({ length: count }, (_, index) => `Bearer token-${index + 1}`).toSorted();
}

export const bearer: readonly Case[] = [
  onlyHeader,
  unsendable(
    "unsendable-token-is-not-quoted",
    "A token that a header cannot carry is refused without being quoted",
    UNSENDABLE,
    (apiKey) => ({ apiKey }),
  ),
  unsendable(
    "unsendable-provided-token-is-not-quoted",
    "A provided token that a header cannot carry is refused without being quoted",
    UNSENDABLE,
    (token) => ({ tokenProvider: () => token }),
  ),
  unsendable(
    "white-space-at-an-end",
    "A token that begins or ends with white space is refused without being quoted",
    SPACED,
    (apiKey) => ({ apiKey }),
  ),
  blankProvided,
  eachRequest,
  concurrent,
];
