import type { Case } from "../case.ts";
import { equal, ok, rejects } from "../check.ts";
import { atInstant } from "../subjects/clock.ts";
import {
  changesHeader,
  changesOptions,
  changesRequest,
  sendsTwice,
  sendsWhenRefused,
} from "../subjects/faults.ts";
import { ask, empty, failing, hasBearer, refuses, withClient } from "./steps.ts";
import { verifies } from "./signature.ts";
import { BEDROCK_GUIDE, PYTHON_CASES, QUOTAS } from "./sources.ts";

/** Calls the credential callback only once. */
const sameForever = changesOptions((options) => {
  const { tokenProvider, credentialProvider } = options;
  const token = tokenProvider && Promise.resolve(tokenProvider());
  const credentials = credentialProvider && Promise.resolve(credentialProvider());
  credentials?.catch(() => {}); // it may be used later
  return {
    ...options,
    ...(token && { tokenProvider: () => token }),
    ...(credentials && { credentialProvider: () => credentials }),
  };
});

function freshToken(status: number): Case {
  return {
    id: `retries/new-token-after-${status}`,
    title: `A request that failed with ${status} is retried with a newly resolved token`,
    source: BEDROCK_GUIDE,
    needs: ["respond", "retries", "tokenProvider"],
    handle: (request, count) => count === 1 ? failing(status) : empty(request, count),
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
  title: "Each attempt sends the same body, signed again with newly resolved credentials",
  source: BEDROCK_GUIDE,
  needs: ["respond", "retries", "sigv4"],
  handle: (request, count) => count < 3 ? failing(503) : empty(request, count),
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

const recovers = withClient({
  id: "retries/recovers-from-throttling",
  title: "A throttled call succeeds on retry",
  source: QUOTAS,
  needs: ["respond", "retries"],
  cassette: "errors/throttled_then_success",
  async run(connection) {
    equal(await ask(connection, { maxRetries: 2 }), "Recovered.", "Text");
  },
  negative: changesRequest((request) => void (request.url = `${request.url}/elsewhere`)),
});

const limit = withClient({
  id: "retries/no-more-than-allowed",
  title: "A call is not retried more often than its limit allows",
  source: "openai/openai-node README.md",
  needs: ["respond"],
  handle: () => failing(503),
  async run(connection, context) {
    await rejects(ask(connection, { maxRetries: 1 }), "The failure counts as a success");
    ok(context.sent.length <= 2, `${context.sent.length} requests for one retry`);
    const before = context.sent.length;
    await rejects(ask(connection, { maxRetries: 0 }), "The failure counts as a success");
    equal(context.sent.length - before, 1, "Requests for no retry");
  },
  negative: sendsTwice,
});

function final(status: number): Case {
  return withClient({
    id: `retries/not-after-${status}`,
    title: `A request that was refused with ${status} is not retried`,
    source: "openai/openai-node README.md",
    needs: ["respond"],
    handle: () => failing(status),
    async run(connection, { sent }) {
      await rejects(ask(connection), "The refusal counts as a success");
      equal(sent.length, 1, "Requests");
    },
    negative: sendsTwice,
  });
}

const failedLookup: Case = {
  id: "retries/failed-lookup-sends-nothing",
  title: "If the lookup of a credential fails, nothing is sent",
  source: BEDROCK_GUIDE,
  needs: ["respond", "sigv4"],
  handle: empty,
  async run(subject, context) {
    const options = {
      region: context.region,
      credentialProvider: () => Promise.reject(new Error("The vault is sealed")),
    };
    await refuses(subject, context, options, "a lookup that failed");
  },
  negative: sendsWhenRefused,
};

const recoveredLookup: Case = {
  id: "retries/recovers-from-a-failed-lookup",
  title: "After a failed lookup, the next call looks up the credential again and is authenticated",
  source: BEDROCK_GUIDE,
  needs: ["respond", "sigv4"],
  handle: empty,
  async run(subject, context) {
    const { region, credentials, fetch, sent } = context;
    let lookups = 0;
    const credentialProvider = async () => {
      if (++lookups === 1) throw new Error("The vault is sealed");
      return credentials;
    };
    const connection = await subject.connect({ region, credentialProvider }, fetch);
    await ask(connection, { maxRetries: 0 }).catch(() => {});
    await ask(connection, { maxRetries: 0 });
    for (const request of sent) await verifies(request, context, { credentials });
  },
  negative: sameForever,
};

const START = Date.UTC(2026, 0, 2, 23, 59, 59);
let passTime = () => {};

const freshDate: Case = {
  id: "retries/new-date-of-each-attempt",
  title: "Each attempt is signed with its own time",
  source: PYTHON_CASES,
  needs: ["respond", "retries", "sigv4", "clock"],
  handle(request, count) {
    passTime();
    return count < 3 ? failing(503) : empty(request, count);
  },
  async run(subject, context) {
    const { region, credentials, fetch, sent } = context;
    let now = START;
    await atInstant(now, async (moveTo) => {
      passTime = () => moveTo(now += 1_000);
      const connection = await subject.connect({ region, ...credentials }, fetch);
      await ask(connection, { maxRetries: 2 });
    });
    const dates = sent.map(({ headers }) => headers.get("x-amz-date"));
    equal(dates, ["20260102T235959Z", "20260103T000000Z", "20260103T000001Z"], "Dates");
    for (const request of sent) await verifies(request, context, { credentials, now });
  },
  negative: changesHeader("x-amz-date", "20260102T235959Z"),
};

export const retries: readonly Case[] = [
  ...[408, 409, 429, 500, 503].map(freshToken),
  freshSignature,
  recovers,
  limit,
  ...[400, 403, 404].map(final),
  failedLookup,
  recoveredLookup,
  freshDate,
];
