import { isObject, parseObject } from "../platform/json.ts";
import { readProperty } from "../platform/read_options.ts";
import { isTaken } from "./response.ts";

/** The content of a failed response, whatever its format. */
export interface Failure {
  readonly status: number;
  readonly message: string;
  /** The type of the error. */
  readonly code: string;
  /** The error for OpenAI's envelope, without the message. */
  readonly error: Readonly<Record<string, unknown>>;
  /** True if the response came in that envelope. */
  readonly enveloped: boolean;
}

/** The longest body, in characters, that may be an error of AWS. */
const MAX_BODY = 65_536;

/**
 * Reads a failed response without consuming its body; `undefined` if it is not an error of the
 * service, such as the page of a proxy, or breaks off.
 */
export async function readFailure(response: Response): Promise<Failure | undefined> {
  const { status, headers } = response;
  if (status < 400 || status > 599) return undefined;
  const text = await peekText(response, MAX_BODY);
  if (text === undefined) return undefined;
  const errorType = shortenName(headers.get("x-amzn-errortype"));
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
  const type = shortenName(readProperty(body, "__type")) ??
    shortenName(readProperty(body, "code")) ??
    errorType;
  if (message === undefined && type === undefined) return undefined;
  return awsFailure(status, asText(message) || `The service returned ${status} ${type}`, type);
}

function awsFailure(status: number, message: string, type: string | undefined): Failure {
  const error = { type: type ?? null, code: type ?? null, param: null };
  return { status, message, code: type ?? "", error, enveloped: false };
}

/** Reads the text of a short body from a copy; `undefined` for a longer or failing one. */
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
function shortenName(type: unknown): string | undefined {
  if (typeof type !== "string") return undefined;
  return type.slice(type.indexOf("#") + 1).split(":", 1)[0]?.trim() || undefined;
}

function asText(value: unknown): string {
  return typeof value === "string" ? value : "";
}
