import type {
  CallOptions,
  Case,
  Connection,
  Context,
  Credentials,
  SentRequest,
  Subject,
  SubjectOptions,
} from "../case.ts";
import { CheckFailure, equal, match, ok, rejects, within } from "../check.ts";
import { emptyResponse } from "../empty_response.ts";

/** A model of the family that `/openai/v1` serves. */
export const MODEL = "openai.gpt-5.6-luna";

/** A limit for what must happen at once, even on a busy machine. */
export const AT_ONCE_MS = 2_000;

/** Responds to any request without content. */
export const empty: NonNullable<Case["handle"]> = ({ url }) => emptyResponse(url);

/** A model of the family that `/v1` serves. */
export const V1_MODEL = "openai.gpt-oss-120b";

/** Creates options with the context's token, at its root or that of the other model family. */
export function withToken(context: Context, root: "/openai/v1" | "/v1" = "/openai/v1") {
  const { region, bearerToken: apiKey } = context;
  const baseURL = context.baseURL.replace(/\/openai\/v1$/, root);
  return { endpoint: "mantle", region, baseURL, apiKey } as const;
}

/** Creates options with AWS keys, at the context's root or that of the other model family. */
export function withKeys(
  context: Context,
  { accessKeyId, secretAccessKey, sessionToken }: Credentials = context.credentials,
  root?: "/v1",
) {
  const { apiKey: _, ...options } = withToken(context, root);
  return { ...options, accessKeyId, secretAccessKey, sessionToken };
}

/** Creates options with a region, from which the root must be derived. */
export function derived({ region, bearerToken: apiKey }: Context) {
  return { region, apiKey } as const;
}

/** Creates a case that uses one client, with the token of the context. */
export function withClient({ root, run, ...test }: ClientCase): Case {
  return {
    ...test,
    run: async (subject, context) =>
      run(await subject.connect(withToken(context, root), context.fetch), context),
  };
}

interface ClientCase extends Omit<Case, "run"> {
  readonly root?: "/openai/v1" | "/v1" | undefined;
  run(connection: Connection, context: Context): Promise<void>;
}

/** Responds with an error that clients retry at once. */
export function failing(status: number): Response {
  return Response.json(FAILURE, { status, headers: { "retry-after-ms": "1" } });
}

const FAILURE = { error: { code: "failure", message: "Try again", param: null, type: "failure" } };

/** Waits for an attempt that a client may refuse; only failed checks are thrown. */
export async function evenIfRefused(attempt: Promise<unknown>): Promise<void> {
  await attempt.catch((error) => {
    if (error instanceof CheckFailure) throw error;
  });
}

/** Asks for a response, and resolves to its text. */
export async function ask(connection: Connection, options?: CallOptions): Promise<string> {
  ok(connection.respond, "The subject does not offer `respond`");
  return (await connection.respond({ model: MODEL, input: "Say hello!" }, options)).text;
}

/** Calls the API by method and path. */
export async function call(
  connection: Connection,
  ...args: Parameters<NonNullable<Connection["call"]>>
): Promise<unknown> {
  ok(connection.call, "The subject does not offer `call`");
  return await connection.call(...args);
}

/** Configures the subject, makes a call, and returns the last request. */
export async function sentBy(
  subject: Subject,
  context: Context,
  options: SubjectOptions,
): Promise<SentRequest> {
  await ask(await subject.connect(options, context.fetch));
  return last(context);
}

/** Returns the last request. */
export function last({ sent }: Context): SentRequest {
  const request = sent.at(-1);
  ok(request, "Nothing was sent");
  return request;
}

/** Checks that options are refused, at once or on the first call, and that nothing is sent. */
export async function refuses(
  subject: Subject,
  context: Context,
  options: SubjectOptions,
  what: string,
): Promise<unknown> {
  const before = context.sent.length;
  const attempt = (async () => {
    await ask(await subject.connect(options, context.fetch), { maxRetries: 0 });
  })();
  const error = await rejects(within(5_000, attempt, what), `${what} is accepted`);
  equal(context.sent.length - before, 0, `Requests with ${what}`);
  return error;
}

/** Checks that a request carries exactly this bearer token. */
export function hasBearer({ headers }: SentRequest, token: string): void {
  const found = headers.get("authorization");
  // The token is not shown: it may be a real one
  ok(found?.startsWith("Bearer "), "The request carries no bearer token");
  ok(found === `Bearer ${token}`, "The request carries another bearer token");
}

/** Checks that a request is signed with an access key. */
export function hasKey({ headers }: SentRequest, accessKeyId: string): void {
  match(
    headers.get("authorization")?.split(/, ?Signature/)[0],
    new RegExp(`^AWS4-HMAC-SHA256 Credential=${accessKeyId}/`),
    "The request is signed with another key or not signed",
  );
}
