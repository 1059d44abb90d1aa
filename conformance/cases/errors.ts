import type { Case, Connection } from "../case.ts";
import { equal, ok, rejects } from "../check.ts";
import { changesConnection, changesResponse } from "../subjects/faults.ts";
import { statusOf } from "./failures.ts";
import { printed } from "./printed.ts";
import { ask, MODEL, V1_MODEL, withClient } from "./steps.ts";
import {
  CODEX_23650,
  CODEX_28992,
  EXPIRED_TOKEN,
  GPTEL_1397,
  NOTEBOOKS,
  QUOTAS,
} from "./sources.ts";

const MANTLE_TEST = "apresai/2ndbrain@40a5cd95 cli/internal/ai/bedrock_mantle_test.go";

/** An error of a cassette, which must reach the caller. */
interface Served {
  readonly name: string;
  readonly what: string;
  readonly source: string;
  readonly status: number;
  readonly message: string;
  readonly model?: string;
  readonly root?: "/v1";
}

const SERVED: readonly Served[] = [
  {
    name: "invalid_bearer_token",
    what: "An invalid token",
    source: CODEX_23650,
    status: 401,
    message: "Invalid bearer token",
  },
  {
    name: "expired_session_token",
    what: "An expired session token",
    source: EXPIRED_TOKEN,
    status: 401,
    message: "The security token included in the request is expired",
  },
  {
    name: "signature_expired",
    what: "An expired signature",
    source: CODEX_28992,
    status: 401,
    message: "Signature expired",
  },
  {
    name: "model_not_available",
    what: "A model that the account may not use",
    source: MANTLE_TEST,
    status: 401,
    message: "openai.gpt-5.5 is not available for this account",
    model: "openai.gpt-5.5",
  },
  {
    name: "unknown_model",
    what: "A model that does not exist",
    source: NOTEBOOKS,
    status: 404,
    message: "The model 'openai.gpt-0' does not exist",
    model: "openai.gpt-0",
  },
  {
    name: "gpt_on_v1",
    what: "A model on the wrong path",
    source: NOTEBOOKS,
    status: 400,
    message: "does not support the '/v1/responses' API",
    root: "/v1",
  },
  { name: "throttled", what: "Throttling", source: QUOTAS, status: 429, message: "" },
  {
    name: "internal_server_error",
    what: "A server error",
    source: MANTLE_TEST,
    status: 500,
    message: "The server had an error while processing your request",
  },
];

async function askFor(connection: Connection, model: string): Promise<unknown> {
  const question = { model, input: "Say hello!" };
  return (await connection.respond?.(question, { maxRetries: 0 }))?.response;
}

const otherError = changesResponse(() =>
  Response.json({ error: { message: "Something else" } }, { status: 418 })
);

function served({ name, what, source, status, message, model = MODEL, root }: Served): Case {
  return withClient({
    id: `errors/${name.replaceAll("_", "-")}`,
    title: `${what} is reported with status ${status} and the service's message`,
    source,
    needs: ["respond"],
    cassette: `errors/${name}`,
    root,
    async run(connection, context) {
      const error = await rejects(askFor(connection, model), "The error counts as a success");
      const text = printed(error);
      equal(statusOf(error), status, `Status of "${(error as Error).message}"`);
      ok(text.includes(message), `The error does not say "${message}"`);
      ok(!text.includes(context.bearerToken), "The error quotes the token");
    },
    negative: otherError,
  });
}

const BODIES: Readonly<Record<string, () => Response>> = {
  "a proxy's page": () =>
    new Response("<html>Forbidden</html>", {
      status: 403,
      headers: { "content-type": "text/html" },
    }),
  "no body": () => new Response(null, { status: 403 }),
  "an error of a native API": () => Response.json({ Message: "No" }, { status: 403 }),
  "a typed AWS error": () =>
    Response.json({ __type: "AccessDeniedException", message: "No" }, { status: 403 }),
};

const anyBody = withClient({
  id: "errors/any-body-keeps-its-status",
  title: "An error keeps its status if its body is empty, a page or in one of AWS's own formats",
  source: GPTEL_1397,
  needs: ["respond"],
  handle: (_, count) => Object.values(BODIES)[count - 1]?.() ?? new Response(null, { status: 500 }),
  async run(connection) {
    for (const what of Object.keys(BODIES)) {
      const asked = ask(connection, { maxRetries: 0 });
      equal(statusOf(await rejects(asked, `${what} counts as a success`)), 403, what);
    }
  },
  negative: otherError,
});

const failedWith200 = withClient({
  id: "errors/failed-response-with-200",
  title: "A failed response with status 200 is not reported as a success",
  source: "https://github.com/pydantic/pydantic-ai/pull/7962",
  needs: ["respond"],
  cassette: "responses/failed_with_200",
  root: "/v1",
  async run(connection) {
    const response = await askFor(connection, V1_MODEL).catch(() => ({ status: "failed" }));
    equal(
      (response as { status?: unknown } | undefined)?.status,
      "failed",
      "Status of the response",
    );
  },
  negative: changesConnection(({ respond, ...rest }) => ({
    ...rest,
    async respond(...args) {
      await respond?.(...args).catch(() => {});
      return { text: "", response: {} };
    },
  })),
});

export const errors: readonly Case[] = [...SERVED.map(served), anyBody, failedWith200];
