import type { Case, Connection, Context, Subject } from "../case.ts";
import { CheckFailure, ok } from "../check.ts";
import { changesConnection, changesOptions } from "../subjects/faults.ts";
import { clients } from "./gateway.ts";
import { printed } from "./printed.ts";
import { ask, empty, failing } from "./steps.ts";

const RUBY_466 = "https://github.com/openai/openai-ruby/pull/466";

/** Checks that a value contains no secret of the context, however it is printed. */
function showsNone(value: unknown, what: string, context: Context): void {
  const { bearerToken, credentials, sessionCredentials } = context;
  const secrets = {
    "the token": bearerToken,
    "the secret access key": credentials.secretAccessKey,
    "the secret access key of the session": sessionCredentials.secretAccessKey,
    "the session token": sessionCredentials.sessionToken,
  };
  const text = printed(value);
  for (const [name, secret] of Object.entries(secrets)) {
    ok(!text.includes(secret), `${what} shows ${name}`);
  }
}

/** Keeps the options in a hidden property of what the program holds. */
const hidesOptions = (subject: Subject): Subject => ({
  ...subject,
  async connect(options, fetch) {
    const hidden = Object.defineProperty({}, Symbol("options"), { value: { ...options } });
    return { ...await subject.connect(options, fetch), held: [hidden] };
  },
});

const client: Case = {
  id: "secrets/client-shows-none",
  title: "Neither a client nor its provider shows a credential, however it is printed",
  source: RUBY_466,
  needs: ["respond"],
  handle: empty,
  async run(subject, context) {
    for (const connection of await clients(subject, context)) {
      ok(connection.held?.length, "The subject does not list the objects that a program holds");
      showsNone(connection.held, "The client before a request", context);
      await ask(connection);
      showsNone(connection.held, "The client after a request", context);
    }
  },
  negative: hidesOptions,
};

const STATUSES = [400, 401, 403, 500] as const;

/** Throws errors with the headers of the request, as some clients do. */
const keepsRequest = changesConnection(({ respond, ...rest }: Connection): Connection => ({
  ...rest,
  async respond(...args) {
    await respond?.(...args).catch(() => {});
    const cause = { headers: new Headers({ authorization: "Bearer example-bearer-token" }) };
    throw new Error("It failed", { cause });
  },
}));

const errors: Case = {
  id: "secrets/errors-show-none",
  title: "No error of a refused or failed request shows a credential, not even in its properties",
  source: RUBY_466,
  needs: ["respond"],
  handle(_, count) {
    const status = STATUSES[(count - 1) % 5];
    if (status === undefined) throw new TypeError("The connection failed");
    return failing(status);
  },
  async run(subject, context) {
    for (const connection of await clients(subject, context)) {
      for (const status of [...STATUSES, "a connection that failed"]) {
        const error = await ask(connection, { maxRetries: 0 }).catch((error) => error);
        ok(error instanceof Error && !(error instanceof CheckFailure), `${status} did not fail`);
        showsNone(error, `The error about ${status}`, context);
      }
    }
  },
  negative: keepsRequest,
};

const log: Case = {
  id: "secrets/debug-log-shows-none",
  title: "The debug log of a client shows no credential",
  source: RUBY_466,
  needs: ["respond", "sigv4", "log"],
  handle: (request, count) => count % 2 ? failing(503) : empty(request, count),
  async run(subject, context) {
    const { region, bearerToken: apiKey, credentials, sessionCredentials, fetch } = context;
    for (const auth of [{ apiKey }, credentials, sessionCredentials]) {
      const lines: unknown[] = [];
      const log = (...line: unknown[]) => void lines.push(line);
      const connection = await subject.connect({ region, ...auth, log }, fetch);
      await ask(connection, { maxRetries: 1 }).catch(() => {});
      ok(lines.length >= 2, `Only ${lines.length} lines were logged`);
      showsNone(lines, "The log", context);
    }
  },
  negative: changesOptions((options) => (options.log?.("Configured with", options), options)),
};

export const secrets: readonly Case[] = [client, errors, log];
