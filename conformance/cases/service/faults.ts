import type { Case } from "../../case.ts";
import { equal, ok, rejects, within } from "../../check.ts";
import {
  changesConnection,
  changesRequest,
  hidesStreamErrors,
  ignoresSignals,
} from "../../subjects/faults.ts";
import { ask, AT_ONCE_MS, last, MODEL, withKeys, withToken } from "../steps.ts";
import { ONCE, respond } from "./steps.ts";
import { eventsOf } from "../streams.ts";
import { FETCH_NETWORK, NODE_2377, NODE_2478 } from "../sources.ts";

const reset: Case = {
  id: "service/reset-stream-throws",
  title: "A stream whose connection is reset is an error",
  source: FETCH_NETWORK,
  needs: ["streamResponse"],
  mantle: { misbehaviours: [{ kind: "reset", after: 5 }] },
  async run(subject, context) {
    const connection = await subject.connect(withToken(context), context.fetch);
    await rejects(eventsOf(connection, MODEL, ONCE), "The stream ended without an error");
    equal(context.sent.length, 1, "Requests");
  },
  negative: hidesStreamErrors,
};

const stalled: Case = {
  id: "service/stalled-stream-aborted",
  title: "Events arrive before their stream ends, and an abort ends a stalled one",
  source: NODE_2478,
  needs: ["streamResponse"],
  mantle: { misbehaviours: [{ kind: "stall", after: 2 }] },
  async run(subject, context) {
    const connection = await subject.connect(withToken(context), context.fetch);
    ok(connection.streamResponse, "The subject does not offer `streamResponse`");
    const abort = new AbortController();
    const question = { model: MODEL, input: "Say hello!" };
    const events = connection.streamResponse(question, { ...ONCE, signal: abort.signal })
      [Symbol.asyncIterator]();
    for (const type of ["response.created", "response.in_progress"]) {
      const { value } = await within(AT_ONCE_MS, events.next(), `No ${type}`);
      equal(value?.type, type, "Event");
    }
    setTimeout(() => abort.abort(), 5);
    // Some clients end the stream, others throw
    const ended = events.next().then(({ done }) => ok(done, "An unsent event"), () => {});
    await within(AT_ONCE_MS, ended, "The abort is ignored");
  },
  negative: ignoresSignals,
};

const redirected: Case = {
  id: "service/redirect-not-followed",
  title: "A redirect to another origin is an error, and nothing is sent there",
  source: NODE_2377,
  needs: ["respond"],
  mantle: { misbehaviours: [{ kind: "redirect" }] },
  async run(subject, context) {
    const signs = !subject.lacks?.includes("sigv4");
    const keys = signs ? [withKeys(context, context.sessionCredentials)] : [];
    const all = [withToken(context), ...keys];
    for (const options of all) {
      const connection = await subject.connect(options, context.fetch);
      await rejects(respond(connection), "The redirect counts as a success");
      const { redirect } = last(context);
      ok(redirect === "manual" || redirect === "error", `Sent with redirect: ${redirect}`);
    }
    const origins = context.sent.map(({ url }) => new URL(url).origin);
    const { origin } = new URL(context.baseURL);
    equal(origins, all.map(() => origin), "Origins of the requests");
  },
  negative: changesRequest((request) => void (request.redirect = "follow")),
};

const late: Case = {
  id: "service/late-response",
  title: "A late response reaches its own call and no other",
  source: "https://www.rfc-editor.org/rfc/rfc9112#section-9.2",
  needs: ["respond"],
  mantle: { misbehaviours: [{ kind: "latency", ms: 30, times: 1 }] },
  async run(subject, context) {
    const connection = await subject.connect(withToken(context), context.fetch);
    const inputs = ["First", "Second", "Third"];
    const responses = await Promise.all(inputs.map((input) => respond(connection, { input })));
    const texts = responses.map(({ text }) => text);
    equal(texts, inputs.map((input) => `Hello! You said: "${input}"`), "Texts");
  },
  negative: changesConnection(({ respond, ...rest }) => {
    let first: ReturnType<NonNullable<typeof respond>> | undefined;
    return { ...rest, respond: respond && ((...args) => first ??= respond(...args)) };
  }),
};

const recovered: Case = {
  id: "service/works-after-a-failure",
  title: "After a server error and a reset stream, the next calls of the same client succeed",
  source: "https://www.rfc-editor.org/rfc/rfc9112#section-9.5",
  needs: ["respond", "streamResponse"],
  mantle: { misbehaviours: [{ kind: "500", times: 1 }, { kind: "reset", after: 1, times: 1 }] },
  async run(subject, context) {
    const connection = await subject.connect(withToken(context), context.fetch);
    await rejects(respond(connection), "The failure counts as a success");
    await rejects(eventsOf(connection, MODEL, ONCE), "The stream ended without an error");
    equal(
      (await eventsOf(connection, MODEL, ONCE)).at(-1)?.type,
      "response.completed",
      "Last event",
    );
    ok(await ask(connection, ONCE), "No text");
  },
  negative: changesConnection(({ respond, streamResponse }) => {
    let failed = false;
    const sticky = (error: unknown) => {
      failed = true;
      throw error;
    };
    return {
      streamResponse,
      async respond(...args) {
        if (failed) throw new Error("The connection is broken");
        return await respond?.(...args).catch(sticky) ?? { text: "", response: {} };
      },
    };
  }),
};

export const faults: readonly Case[] = [reset, stalled, redirected, late, recovered];
