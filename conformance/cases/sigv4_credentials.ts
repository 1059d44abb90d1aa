import type { Case, Context, Credentials, SentRequest, Subject } from "../case.ts";
import { equal, ok } from "../check.ts";
import { configures, sends, sendsHeader } from "../subjects/faults.ts";
import { ask, empty, last, sentBy } from "./steps.ts";
import { signedHeaders, verifies } from "./signature.ts";

const TOKEN = "x-amz-security-token";
const AI_4163 = "https://github.com/vercel/ai/issues/4163";

const session: Case = {
  id: "sigv4/session-token-is-sent-and-signed",
  title: "A session token is sent with the request and covered by its signature",
  source: AI_4163,
  needs: ["respond", "sigv4"],
  answer: empty,
  async run(subject, context) {
    const { region, sessionCredentials: credentials } = context;
    const request = await sentBy(subject, context, { region, ...credentials });
    ok(request.headers.get(TOKEN) === credentials.sessionToken, "The session token is not sent");
    ok(signedHeaders(request).includes(TOKEN), "The session token is not signed");
    await verifies(request, context, { credentials });
  },
  negative: sendsHeader(TOKEN, undefined),
};

const noSession: Case = {
  id: "sigv4/no-empty-session-token",
  title: "Without a session token, or with an empty one, no header for it is sent",
  source: "https://github.com/vercel/ai/issues/4996",
  needs: ["respond", "sigv4"],
  answer: empty,
  async run(subject, context) {
    const { region, credentials } = context;
    const request = await sentBy(subject, context, { region, ...credentials });
    equal(request.headers.has(TOKEN), false, "A header for no session token");
    const { accessKeyId, secretAccessKey } = credentials;
    for (const sessionToken of [undefined, ""]) {
      const credentialProvider = async () => ({ accessKeyId, secretAccessKey, sessionToken });
      // To refuse it is as good
      await sentBy(subject, context, { region, credentialProvider }).catch(() => {});
      equal(last(context).headers.has(TOKEN), false, "A header for an empty session token");
    }
  },
  negative: sendsHeader(TOKEN, ""),
};

/** Asks once with each of several credentials, which a provider hands out in turn. */
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

const firstForever = configures((options) => {
  const first = options.credentialProvider?.();
  return first ? { ...options, credentialProvider: async () => await first } : options;
});

const newSecret: Case = {
  id: "sigv4/new-secret-under-the-same-key-id",
  title: "A secret that changed under the same access key id is signed with at once",
  source: "https://github.com/aws/aws-sdk-js-v3/pull/1776",
  needs: ["respond", "sigv4"],
  answer: empty,
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
  title: "Credentials are replaced as a whole: new keys are never sent with an old session token",
  source: "anthropics/anthropic-sdk-typescript packages/bedrock-sdk/src/mantle-client.ts",
  needs: ["respond", "sigv4"],
  answer: empty,
  async run(subject, context) {
    const identities = [context.sessionCredentials, context.credentials];
    const requests = await askWithEach(subject, context, identities);
    for (const [index, credentials] of identities.entries()) {
      await verifies(requests[index] as SentRequest, context, { credentials });
    }
  },
  negative: firstForever,
};

const concurrent: Case = {
  id: "sigv4/concurrent-requests-do-not-mix",
  title: "Requests under way at the same time are each signed with the credentials of their own",
  source: "openai/openai-node@7b7d6ca7 docs/bedrock.md",
  needs: ["respond", "sigv4"],
  answer: empty,
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
  negative: sends(({ headers }) => {
    const authorization = headers.get("authorization") ?? "";
    headers.set("authorization", authorization.replace(/=AKID\d/, "=AKID0"));
  }),
};

export const sigv4Credentials: readonly Case[] = [
  session,
  noSession,
  newSecret,
  newSession,
  concurrent,
];
