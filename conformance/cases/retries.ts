import type { Case } from "../case.ts";
import { equal, ok, rejects } from "../check.ts";
import { configures, sends, sendsTwice, sendsWhenRefused } from "../subjects/faults.ts";
import { ask, empty, failing, hasBearer, refuses, withToken } from "./steps.ts";
import { verifies } from "./signature.ts";

const GUIDE = "openai/openai-node@7b7d6ca7 docs/bedrock.md";

/** Asks the credential callback once, and no more. */
const sameForever = configures((options) => {
  const { tokenProvider, credentialProvider } = options;
  const token = tokenProvider && Promise.resolve(tokenProvider());
  const credentials = credentialProvider && Promise.resolve(credentialProvider());
  return {
    ...options,
    ...(token && { tokenProvider: () => token }),
    ...(credentials && { credentialProvider: () => credentials }),
  };
});

function freshToken(status: number): Case {
  return {
    id: `retries/new-token-after-${status}`,
    title: `A request that was answered with ${status} is made again, with a newly resolved token`,
    source: GUIDE,
    needs: ["respond", "retries", "tokenProvider"],
    answer: (request, count) => count === 1 ? failing(status) : empty(request, count),
    async run(subject, context) {
      let lookups = 0;
      const tokenProvider = async () => `token-${++lookups}`;
      const options = { region: context.region, tokenProvider };
      await ask(await subject.connect(options, context.fetch), { maxRetries: 2 });
      const { sent } = context;
      equal([sent.length, lookups], [2, 2], "Requests and lookups");
      for (const [index, request] of sent.entries()) hasBearer(request, `token-${index + 1}`);
    },
    negative: sameForever,
  };
}

const freshSignature: Case = {
  id: "retries/new-signature-of-the-same-body",
  title: "Each attempt sends the same body, signed anew with newly resolved credentials",
  source: GUIDE,
  needs: ["respond", "retries", "sigv4"],
  answer: (request, count) => count < 3 ? failing(503) : empty(request, count),
  async run(subject, context) {
    const { region, credentials, sessionCredentials, fetch, sent } = context;
    const identities = [sessionCredentials, credentials, sessionCredentials];
    let lookups = 0;
    const credentialProvider = async () => identities[lookups++ % 3] ?? credentials;
    const connection = await subject.connect({ region, credentialProvider }, fetch);
    await ask(connection, { maxRetries: 2 });
    equal([sent.length, lookups], [3, 3], "Requests and lookups");
    for (const [index, request] of sent.entries()) {
      await verifies(request, context, { credentials: identities[index] ?? credentials });
      equal([...request.body], [...sent[0]?.body ?? []], "Body of a later attempt");
    }
  },
  negative: sameForever,
};

const recovers: Case = {
  id: "retries/recovers-from-throttling",
  title: "A call that is throttled and then answered ends well",
  source: "https://docs.aws.amazon.com/bedrock/latest/userguide/quotas-mantle.html",
  needs: ["respond", "retries"],
  cassette: "errors/throttled_then_answered",
  async run(subject, context) {
    const connection = await subject.connect(withToken(context), context.fetch);
    equal(await ask(connection, { maxRetries: 2 }), "Recovered.", "Text");
  },
  negative: sends((request) => void (request.url = `${request.url}/elsewhere`)),
};

const limit: Case = {
  id: "retries/no-more-than-allowed",
  title: "A call is repeated no more often than its limit of retries says",
  source: "openai/openai-node README.md",
  needs: ["respond"],
  answer: () => failing(503),
  async run(subject, context) {
    const connection = await subject.connect(withToken(context), context.fetch);
    await rejects(ask(connection, { maxRetries: 1 }), "A failure is taken for an answer");
    ok(context.sent.length <= 2, `${context.sent.length} requests for one retry`);
    const before = context.sent.length;
    await rejects(ask(connection, { maxRetries: 0 }), "A failure is taken for an answer");
    equal(context.sent.length - before, 1, "Requests for no retry");
  },
  negative: sendsTwice,
};

function final(status: number): Case {
  return {
    id: `retries/not-after-${status}`,
    title: `A request that was refused with ${status} is not made again unchanged`,
    source: "openai/openai-node README.md",
    needs: ["respond"],
    answer: () => failing(status),
    async run(subject, context) {
      const connection = await subject.connect(withToken(context), context.fetch);
      await rejects(ask(connection), "A refusal is taken for an answer");
      equal(context.sent.length, 1, "Requests");
    },
    negative: sendsTwice,
  };
}

const failedLookup: Case = {
  id: "retries/failed-lookup-sends-nothing",
  title: "When a credential cannot be looked up, nothing is sent without it",
  source: GUIDE,
  needs: ["respond", "sigv4"],
  answer: empty,
  async run(subject, context) {
    const options = {
      region: context.region,
      credentialProvider: () => Promise.reject(new Error("The vault is sealed")),
    };
    await refuses(subject, context, options, "a lookup that failed");
  },
  negative: sendsWhenRefused,
};

export const retries: readonly Case[] = [
  ...[408, 409, 429, 500, 503].map(freshToken),
  freshSignature,
  recovers,
  limit,
  ...[400, 403, 404].map(final),
  failedLookup,
];
