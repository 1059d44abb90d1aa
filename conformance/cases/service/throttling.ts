import type { Case, Connection, Service } from "../../case.ts";
import { equal, ok } from "../../check.ts";
import { changesCalls } from "../../subjects/faults.ts";
import { ask, withToken } from "../steps.ts";
import { GREETING } from "./steps.ts";
import { QUOTAS } from "../sources.ts";

const RETRY_AFTER = "https://www.rfc-editor.org/rfc/rfc9110#field.retry-after";

const neverRetries = changesCalls((options) => ({ ...options, maxRetries: 0 }));

interface Recovering {
  readonly id: string;
  readonly title: string;
  readonly source: string;
  readonly mantle: Service;
}

function recovering(about: Recovering): Case {
  return {
    ...about,
    needs: ["respond", "retries"],
    waits: true,
    async run(subject, context) {
      const connection = await subject.connect(withToken(context), context.fetch);
      equal(await ask(connection, { maxRetries: 2 }), GREETING, "Text");
      equal(context.sent.length, 2, "Requests");
    },
    negative: neverRetries,
  };
}

const throttled = recovering({
  id: "service/throttled-without-retry-after",
  title: "A call that is throttled without Retry-After succeeds on retry",
  source: QUOTAS,
  mantle: { misbehaviours: [{ kind: "429", times: 1 }] },
});

const failed = recovering({
  id: "service/server-error-then-success",
  title: "A call that fails with a server error succeeds on retry",
  source: "apresai/2ndbrain@40a5cd95 cli/internal/ai/bedrock_mantle_test.go",
  mantle: { misbehaviours: [{ kind: "500", times: 1 }] },
});

/** Makes a call whose first request misbehaves, and records when the call has ended. */
async function askAfter(words: string, connection: Connection, ended: string[]): Promise<void> {
  const headers = { "x-mantle-misbehave": `${words}; times=1` };
  equal(await ask(connection, { headers, maxRetries: 2 }), GREETING, "Text");
  ended.push(words);
}

const withRetryAfter: Case = {
  id: "service/throttled-with-retry-after",
  title: "A call with a Retry-After of 0 is retried sooner than one without Retry-After",
  source: RETRY_AFTER,
  needs: ["respond", "retries"],
  mantle: {},
  waits: true,
  async run(subject, context) {
    const connection = await subject.connect(withToken(context), context.fetch);
    const ended: string[] = [];
    const words = ["429", "429; retry-after=0"];
    await Promise.all(words.map((each) => askAfter(each, connection, ended)));
    equal(ended, words.toReversed(), "Order of the calls");
    ok(context.sent.length === 4, `${context.sent.length} requests instead of 4`);
  },
  negative: neverRetries,
};

export const throttling: readonly Case[] = [withRetryAfter, throttled, failed];
