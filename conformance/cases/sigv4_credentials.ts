import type { Case, Context } from "../case.ts";
import { equal, ok } from "../check.ts";
import { changesConnection, changesHeader } from "../subjects/faults.ts";
import { ask, empty, hasBearer, last, sentBy } from "./steps.ts";
import { signedHeaders, verifies } from "./signature.ts";

const TOKEN = "x-amz-security-token";
const AI_4163 = "https://github.com/vercel/ai/issues/4163";

const session: Case = {
  id: "sigv4/session-token-is-sent-and-signed",
  title: "A session token is sent and covered by the signature",
  source: AI_4163,
  needs: ["respond", "sigv4"],
  handle: empty,
  async run(subject, context) {
    const { region, sessionCredentials: credentials } = context;
    const request = await sentBy(subject, context, { region, ...credentials });
    ok(request.headers.get(TOKEN) === credentials.sessionToken, "The session token is not sent");
    ok(signedHeaders(request).includes(TOKEN), "The session token is not signed");
    await verifies(request, context, { credentials });
  },
  negative: changesHeader(TOKEN, undefined),
};

const noSession: Case = {
  id: "sigv4/no-empty-session-token",
  title: "Without a session token, or with an empty one, its header is not sent",
  source: "https://github.com/vercel/ai/issues/4996",
  needs: ["respond", "sigv4"],
  handle: empty,
  async run(subject, context) {
    const { region, credentials } = context;
    const request = await sentBy(subject, context, { region, ...credentials });
    equal(request.headers.has(TOKEN), false, "A header for no session token");
    const { accessKeyId, secretAccessKey } = credentials;
    for (const sessionToken of [undefined, ""]) {
      const credentialProvider = async () => ({ accessKeyId, secretAccessKey, sessionToken });
      // A client may also refuse it
      await sentBy(subject, context, { region, credentialProvider }).catch(() => {});
      equal(last(context).headers.has(TOKEN), false, "A header for an empty session token");
    }
  },
  negative: changesHeader(TOKEN, ""),
};

interface Derived {
  readonly id: string;
  readonly title: string;
  readonly first: keyof Pick<Context, "credentials" | "sessionCredentials">;
  readonly second: Derived["first"];
}

function derived({ id, title, first, second }: Derived): Case {
  return {
    id: `sigv4/${id}`,
    title,
    source: "anthropics/anthropic-sdk-typescript packages/bedrock-sdk/src/mantle-client.ts",
    needs: ["respond", "sigv4", "derive"],
    handle: empty,
    async run(subject, context) {
      const { region, fetch } = context;
      const original = await subject.connect({ region, ...context[first] }, fetch);
      await ask(original);
      const other = await original.derive?.({ region, ...context[second] });
      ok(other, "The subject does not offer `derive`");
      for (const [connection, of] of [[other, second], [original, first]] as const) {
        await ask(connection);
        await verifies(last(context), context, { credentials: context[of] });
      }
    },
    negative: changesConnection((connection) => ({
      ...connection,
      derive: async () => connection,
    })),
  };
}

const derivations: readonly Derived[] = [
  {
    id: "derived-keys-without-the-old-session",
    title: "A client derived with permanent keys never sends the first client's session token",
    first: "sessionCredentials",
    second: "credentials",
  },
  {
    id: "derived-session-with-its-own-keys",
    title: "A client derived with temporary keys sends and signs their session token",
    first: "credentials",
    second: "sessionCredentials",
  },
];

const derivedToken: Case = {
  id: "sigv4/derived-token-without-signature",
  title: "A client derived with a token sends no signature headers",
  source: "anthropics/anthropic-sdk-typescript packages/bedrock-sdk/src/mantle-client.ts",
  needs: ["respond", "sigv4", "derive"],
  handle: empty,
  async run(subject, context) {
    const { region, sessionCredentials, bearerToken: apiKey, fetch, sent } = context;
    const original = await subject.connect({ region, ...sessionCredentials }, fetch);
    await ask(original);
    const other = await original.derive?.({ region, apiKey });
    ok(other, "The subject does not offer `derive`");
    await ask(other);
    hasBearer(last(context), apiKey);
    const amazon = [...last(context).headers.keys()].filter((name) => name.startsWith("x-amz-"));
    equal([sent.length, amazon], [2, []], "Requests and signature headers");
  },
  negative: changesConnection((connection) => ({ ...connection, derive: async () => connection })),
};

export const sigv4Credentials: readonly Case[] = [
  session,
  noSession,
  ...derivations.map(derived),
  derivedToken,
];
