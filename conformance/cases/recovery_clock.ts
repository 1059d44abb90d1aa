import type { Case, Context, SentRequest, Subject, SubjectOptions } from "../case.ts";
import { equal, match, ok } from "../check.ts";
import { parseAmzDate } from "../mantle/sigv4_time.ts";
import { changesHeader, sendsTwice } from "../subjects/faults.ts";
import { failureOf } from "./failures.ts";
import { verifies } from "./signature.ts";
import { ask, empty } from "./steps.ts";

const AWS_6202 = "https://github.com/aws/aws-sdk-js-v3/issues/6202";

const HOUR = 60 * 60_000;
const LIMIT = 5 * 60_000;

const SKEWED = { __type: "RequestTimeTooSkewed", message: "The time is too far off" };
const EARLY = { error: { message: "Signature not yet current: A is still later than B" } };
const LATE = { error: { message: "Signature expired: A is now earlier than B" } };

const dateOf = ({ headers }: SentRequest) => parseAmzDate(headers.get("x-amz-date") ?? "") ?? 0;

/** Responds as a service whose clock is ahead, and so refuses signatures of the right time. */
function ahead(
  milliseconds: number,
  body: object,
  headers: Readonly<Record<string, string>> = {},
): NonNullable<Case["handle"]> {
  return (request, count) => {
    const now = Date.now() + milliseconds;
    if (Math.abs(dateOf(request) - now) < LIMIT) return empty(request, count);
    const date = new Date(now).toUTCString();
    return Response.json(body, { status: 403, headers: { date, ...headers } });
  };
}

async function connected(subject: Subject, context: Context, options: SubjectOptions = {}) {
  const { region, credentials, fetch } = context;
  return await subject.connect({ region, ...credentials, ...options }, fetch);
}

/** Checks that a request is signed for this time, give or take what a busy machine needs. */
function isSignedFor(request: SentRequest, time: number): void {
  const off = Math.abs(dateOf(request) - time);
  ok(off < 30_000, `The request is signed for a time that is ${off} ms off`);
}

const SHIFTS = { "an-hour-behind": HOUR, "an-hour-ahead": -HOUR, "most-of-a-day-off": 23 * HOUR };
const WORDS = [SKEWED, EARLY, LATE];

const corrected = Object.entries(SHIFTS).map(([id, shift], index): Case => ({
  id: `recovery/clock-${id}`,
  title: `A clock that is ${id.replaceAll("-", " ")} is corrected once, from the refusal's Date`,
  source: AWS_6202,
  own: true,
  needs: ["respond", "sigv4", "recovers"],
  handle: ahead(shift, WORDS[index] as object),
  async run(subject, context) {
    const connection = await connected(subject, context);
    const { sent, credentials } = context;
    await ask(connection, { maxRetries: 0 });
    equal(sent.length, 2, "Requests of the first call");
    await ask(connection, { maxRetries: 0 });
    equal(sent.length, 3, "Requests of both calls");
    for (const request of sent.slice(1)) {
      isSignedFor(request, Date.now() + shift);
      await verifies(request, context, { credentials, now: Date.now() + shift });
    }
  },
  negative: changesHeader("x-amz-date", "20260101T000000Z"),
}));

interface Uncorrected {
  readonly id: string;
  readonly title: string;
  readonly source?: string;
  readonly handle: NonNullable<Case["handle"]>;
  readonly options?: SubjectOptions;
}

function uncorrected({ id, source = AWS_6202, options = {}, ...about }: Uncorrected): Case {
  return {
    ...about,
    id: `recovery/${id}`,
    source,
    own: true,
    needs: ["respond", "sigv4", "recovers"],
    async run(subject, context) {
      const connection = await connected(subject, context, options);
      for (const count of [1, 2]) {
        const error = await failureOf(ask(connection, { maxRetries: 0 }));
        match((error as Error).message, /clock of this machine/, "Advice");
        equal(context.sent.length, count, "Requests");
        isSignedFor(context.sent.at(-1) as SentRequest, Date.now());
      }
    },
    negative: sendsTwice,
  };
}

/** Refuses every signature, with a `Date` that is off by this. */
const claiming = (shift: number): NonNullable<Case["handle"]> => () => {
  const date = new Date(Date.now() + shift).toUTCString();
  return Response.json(SKEWED, { status: 403, headers: { date } });
};

const left: readonly Uncorrected[] = [
  {
    id: "clock-not-over-http",
    title: "The Date of a response over plain http, which can be forged, corrects no clock",
    handle: ahead(HOUR, SKEWED),
    options: { endpoint: "mantle", baseURL: "http://127.0.0.1:9/v1" },
  },
  {
    id: "clock-not-of-a-cache",
    title: "The Date of a cached response, which has an Age, corrects no clock",
    handle: ahead(HOUR, SKEWED, { age: "3600" }),
  },
  {
    id: "clock-not-beyond-a-day",
    title: "A Date that is more than a day off corrects no clock",
    handle: ahead(25 * HOUR, SKEWED),
  },
  {
    id: "clock-not-without-a-time",
    title: "A response without a valid Date corrects no clock",
    handle: ahead(HOUR, SKEWED, { date: "soon" }),
  },
  {
    id: "clock-not-for-seconds",
    title:
      "A Date that agrees with the clock changes nothing, even if the service complains of the clock",
    handle: claiming(20_000),
  },
];

const once: Case = {
  id: "recovery/clock-only-once",
  title: "If the corrected time is refused too, the error is reported after two requests",
  source: AWS_6202,
  own: true,
  needs: ["respond", "sigv4", "recovers"],
  handle: claiming(HOUR),
  async run(subject, context) {
    const connection = await connected(subject, context);
    match((await failureOf(ask(connection)) as Error).message, /clock/, "Advice");
    equal(context.sent.length, 2, "Requests");
  },
  negative: sendsTwice,
};

const unasked: Case = {
  id: "recovery/clock-only-where-it-is-said-to-be-wrong",
  title: "The Date of a response that does not complain of the clock changes nothing",
  source: AWS_6202,
  own: true,
  needs: ["respond", "sigv4", "recovers"],
  handle(request, count) {
    const response = count === 2
      ? Response.json({ error: { message: "No" } }, { status: 400 })
      : empty(request, count) as Response;
    response.headers.set("date", new Date(Date.now() + HOUR).toUTCString());
    return response;
  },
  async run(subject, context) {
    const connection = await connected(subject, context);
    await ask(connection);
    await failureOf(ask(connection));
    await ask(connection);
    equal(context.sent.length, 3, "Requests");
    for (const request of context.sent) isSignedFor(request, Date.now());
  },
  negative: changesHeader("x-amz-date", "20260101T000000Z"),
};

export const recoveryClock: readonly Case[] = [
  ...corrected,
  ...left.map(uncorrected),
  once,
  unasked,
];
