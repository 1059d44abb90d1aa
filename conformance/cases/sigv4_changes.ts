import type { Case, Context, Credentials, SentRequest, Subject } from "../case.ts";
import { equal, ok } from "../check.ts";
import { atInstant } from "../subjects/clock.ts";
import { changesOptions, changesRequest } from "../subjects/faults.ts";
import { ask, call, empty, last } from "./steps.ts";
import { signedScopeDate, verifies } from "./signature.ts";
import { BEDROCK_GUIDE, SIGNING } from "./sources.ts";

/** Makes a call with each of several credentials, which a provider returns in turn. */
async function askWithEach(
  subject: Subject,
  { region, fetch, sent }: Context,
  identities: readonly Credentials[],
): Promise<readonly SentRequest[]> {
  let turn = 0;
  const credentialProvider = async () => identities[turn++ % identities.length] as Credentials;
  const connection = await subject.connect({ region, credentialProvider }, fetch);
  for (const _ of identities) await ask(connection);
  equal(sent.length, identities.length, "Requests sent");
  return sent;
}

const firstForever = changesOptions((options) => {
  const first = options.credentialProvider?.();
  return first ? { ...options, credentialProvider: async () => await first } : options;
});

const newSecret: Case = {
  id: "sigv4/new-secret-under-the-same-key-id",
  title: "A secret that changed under the same access key id is used at once",
  source: "https://github.com/aws/aws-sdk-js-v3/pull/1776",
  needs: ["respond", "sigv4"],
  handle: empty,
  async run(subject, context) {
    const first = context.credentials;
    const second = { ...first, secretAccessKey: "another/SECRET+key" };
    const identities = [first, second, first];
    const requests = await askWithEach(subject, context, identities);
    for (const [index, credentials] of identities.entries()) {
      await verifies(requests[index] as SentRequest, context, { credentials });
    }
  },
  negative: firstForever,
};

const newSession: Case = {
  id: "sigv4/no-old-session-with-new-keys",
  title: "New keys are never sent with an old session token",
  source: "anthropics/anthropic-sdk-typescript packages/bedrock-sdk/src/mantle-client.ts",
  needs: ["respond", "sigv4"],
  handle: empty,
  async run(subject, context) {
    const identities = [context.sessionCredentials, context.credentials];
    const requests = await askWithEach(subject, context, identities);
    for (const [index, credentials] of identities.entries()) {
      await verifies(requests[index] as SentRequest, context, { credentials });
    }
  },
  negative: firstForever,
};

/** More identities than any known cache of signing keys holds: AWS's own signer keeps fifty. */
const MANY = 51;

const many: Case = {
  id: "sigv4/many-identities",
  title: "Requests of more identities than a cache of keys can hold are each signed correctly",
  source: "https://github.com/aws/aws-sdk-js-v3/pull/1776",
  needs: ["call", "sigv4"],
  handle: empty,
  async run(subject, context) {
    const { region, fetch } = context;
    let turn = 0;
    const identity = (index: number) => ({
      accessKeyId: `AKID${index % MANY}`,
      secretAccessKey: `example-secret-${index % MANY}`,
    });
    const credentialProvider = async () => identity(turn++);
    const connection = await subject.connect({ region, credentialProvider }, fetch);
    // The last three identities repeat, after their keys may have been evicted
    for (let index = 0; index < MANY + 3; index++) {
      await call(connection, "GET", "/models");
      if (index < MANY - 1) continue; // verifying all would take too long
      await verifies(last(context), context, { credentials: identity(index) });
    }
  },
  negative: firstForever,
};

const MIDNIGHT = Date.UTC(2026, 0, 3);

const midnight: Case = {
  id: "sigv4/midnight-begins-a-new-scope",
  title: "At midnight UTC the date of the scope and the signing key change",
  source: SIGNING,
  needs: ["respond", "sigv4", "clock"],
  handle: empty,
  async run(subject, context) {
    const { region, credentials, fetch } = context;
    const connection = await subject.connect({ region, ...credentials }, fetch);
    const instants = { "20260102": MIDNIGHT - 1_000, "20260103": MIDNIGHT };
    for (const [date, now] of Object.entries(instants)) {
      const request = await atInstant(now, async () => (await ask(connection), last(context)));
      equal(signedScopeDate(request), date, "Date of the scope");
      await verifies(request, context, { credentials, now });
    }
  },
  negative: changesRequest(({ headers }) => {
    const authorization = headers.get("authorization") ?? "";
    headers.set("authorization", authorization.replace("/20260103/", "/20260102/"));
  }),
};

const concurrent: Case = {
  id: "sigv4/concurrent-requests-do-not-mix",
  title: "Concurrent requests are each signed with the credentials that were resolved for them",
  source: BEDROCK_GUIDE,
  needs: ["respond", "sigv4"],
  handle: empty,
  async run(subject, context) {
    const identities = Array.from({ length: 8 }, (_, index) => ({
      accessKeyId: `AKID${index}`,
      secretAccessKey: `example-secret-${index}`,
    }));
    let turn = 0;
    const credentialProvider = async () => {
      const identity = identities[turn++ % 8] as Credentials;
      await new Promise((resolve) => setTimeout(resolve, 5 - turn % 5));
      return identity;
    };
    const options = { region: context.region, credentialProvider };
    const connection = await subject.connect(options, context.fetch);
    await Promise.all(identities.map(() => ask(connection)));
    const used = new Set<string>();
    for (const request of context.sent) {
      const authorization = request.headers.get("authorization");
      const credentials = identities.find(({ accessKeyId }) =>
        authorization?.includes(`=${accessKeyId}/`)
      );
      ok(credentials, "A request is signed with none of the credentials");
      used.add(credentials.accessKeyId);
      await verifies(request, context, { credentials });
    }
    equal(used.size, 8, "Credentials used");
  },
  negative: changesRequest(({ headers }) => {
    const authorization = headers.get("authorization") ?? "";
    headers.set("authorization", authorization.replace(/=AKID\d/, "=AKID0"));
  }),
};

export const sigv4Changes: readonly Case[] = [newSecret, newSession, many, midnight, concurrent];
