import { isTaken } from "./answer.ts";
import { readProperty } from "./read_property.ts";

/** What a failed answer says, whatever shape it says it in. */
export interface Failure {
  readonly status: number;
  readonly message: string;
  /** What tells the kind of error, as text. */
  readonly code: string;
  /** The error as it goes into OpenAI's envelope, but for the message. */
  readonly error: Readonly<Record<string, unknown>>;
  /** Whether the answer came in that envelope. */
  readonly enveloped: boolean;
}

/** Longer bodies are no errors of AWS's, and are left alone. */
const LONGEST = 65_536;

/**
 * Reads what a failed answer says, and leaves it to be read by others; `undefined` where that is
 * nothing of the service's own, such as a page of a proxy, or breaks off.
 */
export async function readFailure(answer: Response): Promise<Failure | undefined> {
  const { status, headers } = answer;
  if (status < 400 || status > 599) return undefined;
  const text = await beginning(answer, LONGEST);
  if (text === undefined) return undefined;
  const errorType = shortName(headers.get("x-amzn-errortype"));
  if (text.trim() === "") {
    const said = errorType ? `${errorType} and no more` : "nothing";
    return ofAws(status, `The service answered ${status} and said ${said}`, errorType);
  }
  const body = parsed(text);
  if (body === undefined) return undefined;
  const error = readProperty(body, "error");
  if (isObject(error)) {
    const [message, code] = ["message", "code"].map((name) => textOf(readProperty(error, name)));
    return { status, message: message!, code: code!, error, enveloped: true };
  }
  const [message] = ["message", "Message"].map((name) => readProperty(body, name))
    .filter((each) => typeof each === "string");
  const type = shortName(readProperty(body, "__type")) ?? shortName(readProperty(body, "code")) ??
    errorType;
  if (message === undefined && type === undefined) return undefined;
  return ofAws(status, textOf(message) || `The service answered ${status} ${type}`, type);
}

function ofAws(status: number, message: string, type: string | undefined): Failure {
  const error = { type: type ?? null, code: type ?? null, param: null };
  return { status, message, code: type ?? "", error, enveloped: false };
}

/** The whole text of a short body, read beside those who read it; `undefined` of any other. */
export async function beginning(answer: Response, limit: number): Promise<string | undefined> {
  if (Number(answer.headers.get("content-length") ?? 0) > limit || isTaken(answer)) {
    return undefined;
  }
  const reader = answer.clone().body?.getReader();
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

/** `com.amazon.coral.service#Name` and `Name:http://…` are `Name`. */
function shortName(type: unknown): string | undefined {
  if (typeof type !== "string") return undefined;
  return type.slice(type.indexOf("#") + 1).split(":", 1)[0]?.trim() || undefined;
}

/** The object that a JSON text holds. */
export function parsed(text: string): Record<string, unknown> | undefined {
  try {
    const value: unknown = JSON.parse(text);
    return isObject(value) ? value : undefined;
  } catch {
    return undefined;
  }
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

function textOf(value: unknown): string {
  return typeof value === "string" ? value : "";
}
