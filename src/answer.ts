import type { BedrockError } from "./errors.ts";
import type { Failure } from "./failure.ts";

/** An answer in the place of another: its status and headers stay, and where it came from. */
export function inPlaceOf(
  answer: Response,
  body: BodyInit | null,
  { status = answer.status, headers = {} }: {
    status?: number;
    headers?: Readonly<Record<string, string>>;
  } = {},
): Response {
  const all = new Headers(answer.headers);
  for (const [name, value] of Object.entries(headers)) all.set(name, value);
  const { statusText, url } = answer;
  const made = new Response(body, { status, statusText, headers: all });
  return Object.defineProperty(made, "url", { value: url });
}

/** AWS's request id under the name that OpenAI's clients look for, where none came under that. */
export function withRequestId(answer: Response): Response {
  const id = answer.headers.get("x-amzn-requestid");
  if (id === null || answer.headers.has("x-request-id")) return answer;
  return inPlaceOf(answer, answer.body, { headers: { "x-request-id": id } });
}

/** A failed answer in OpenAI's envelope, with what there is to explain after what it said. */
export function explained(
  answer: Response,
  failure: Failure,
  explanation: string | undefined,
  status = failure.status,
): Response {
  if (failure.enveloped && explanation === undefined) return answer;
  const { message } = failure.error;
  const text = explanation === undefined ? message : `${sentence(message)} ${explanation}`;
  answer.body?.cancel().catch(() => {});
  const body = JSON.stringify({ error: { ...failure.error, message: text } });
  const replaced = inPlaceOf(answer, body, {
    status,
    headers: { "content-type": "application/json" },
  });
  for (const name of ["content-length", "content-encoding"]) replaced.headers.delete(name);
  return replaced;
}

function sentence(text: string): string {
  return /[.!?]$/.test(text) ? text : `${text}.`;
}

/** What this module says itself, so that the OpenAI client reports it and does not ask again. */
export function refusal(error: BedrockError): Response {
  const status = /^(?:credentials|permission|aws_package)_/.test(error.code) ? 401 : 400;
  return ofOurs(status, error.code, error.message);
}

/** An answer of this module's own, which is not to be asked for again. */
export function ofOurs(status: number, code: string, message: string): Response {
  const error = { message, type: "bedrock_error", code, param: null };
  return Response.json({ error }, { status, headers: { "x-should-retry": "false" } });
}

/** An answer instead of a redirect, which is never followed. */
export function instead(redirect: Response): Response {
  const { status, headers } = redirect;
  const location = headers.get("location");
  const origin = location !== null && URL.canParse(location)
    ? ` to ${new URL(location).origin}`
    : "";
  redirect.body?.cancel().catch(() => {});
  const message =
    `The service redirected${origin}, which is not followed, as credentials would go ` +
    "along. Set `baseURL` to where requests are to go";
  return ofOurs(status === 0 ? 502 : status, "redirected", message);
}
