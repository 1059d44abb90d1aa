import { isObject, parseObject } from "../platform/json.ts";
import { readProperty } from "../platform/read_options.ts";
import { isTaken } from "./response.ts";

/** What a failed response says, in whatever shape it says it. */
export interface Failure {
  readonly status: number;
  readonly message: string;
  /** The kind of error, as text. */
  readonly code: string;
  /** The error for OpenAI's envelope, without the message. */
  readonly error: Readonly<Record<string, unknown>>;
  /** Whether the response came in that envelope. */
  readonly enveloped: boolean;
}

/** Longer bodies are no errors of AWS, and are left alone. */
const MAX_BODY = 65_536;

/**
 * Reads what a failed response says, without using up its body; `undefined` if it says nothing of the
 * service's own, like the page of a proxy, or breaks off.
 */
export async function readFailure(response: Response): Promise<Failure | undefined> {
  const { status, headers } = response;
  if (status < 400 || status > 599) return undefined;
  const text = await peekText(response, MAX_BODY);
  if (text === undefined) return undefined;
  const errorType = shortName(headers.get("x-amzn-errortype"));
  if (text.trim() === "") {
    const named = [status, errorType].filter((each) => each !== undefined).join(" ");
    return awsFailure(status, `The service returned ${named} with an empty body`, errorType);
  }
  const body = parseObject(text);
  if (body === undefined) return undefined;
  const error = readProperty(body, "error");
  if (isObject(error)) {
    const [message, code] = ["message", "code"].map((name) => asText(readProperty(error, name)));
    return { status, message: message!, code: code!, error, enveloped: true };
  }
  const [message] = ["message", "Message"].map((name) => readProperty(body, name))
    .filter((each) => typeof each === "string");
  const type = shortName(readProperty(body, "__type")) ?? shortName(readProperty(body, "code")) ??
    errorType;
  if (message === undefined && type === undefined) return undefined;
  return awsFailure(status, asText(message) || `The service returned ${status} ${type}`, type);
}

function awsFailure(status: number, message: string, type: string | undefined): Failure {
  const error = { type: type ?? null, code: type ?? null, param: null };
  return { status, message, code: type ?? "", error, enveloped: false };
}

/** Reads the whole text of a short body from a copy; `undefined` for any other. */
export async function peekText(response: Response, limit: number): Promise<string | undefined> {
  if (Number(response.headers.get("content-length") ?? 0) > limit || isTaken(response)) {
    return undefined;
  }
  const reader = response.clone().body?.getReader();
  const decoder = new TextDecoder();
  let text = "";
  try {
    while (reader) {
      const { done, value } = await reader.read();
      if (done) break;
      text += decoder.decode(value, { stream: true });
      if (text.length > limit) return undefined;
    }
    return text;
  } catch {
    return undefined;
  } finally {
    reader?.cancel().catch(() => {});
  }
}

/** Shortens `com.amazon.coral.service#Name` and `Name:http://…` to `Name`. */
function shortName(type: unknown): string | undefined {
  if (typeof type !== "string") return undefined;
  return type.slice(type.indexOf("#") + 1).split(":", 1)[0]?.trim() || undefined;
}

function asText(value: unknown): string {
  return typeof value === "string" ? value : "";
}
