/** What a failed answer says, whatever shape it says it in. */
export interface Failure {
  readonly status: number;
  /** The error as OpenAI's clients read it. */
  readonly error: {
    readonly message: string;
    readonly type: string | null;
    readonly code: string | null;
    readonly param: unknown;
  };
  /** Whether the answer came in OpenAI's envelope. */
  readonly enveloped: boolean;
}

/** Longer bodies are no errors of AWS's, and are left alone. */
const LONGEST = 65_536;

/**
 * Reads what a failed answer says, and leaves it to be read by others; `undefined` where that is
 * nothing of the service's own, such as a page of a proxy.
 */
export async function readFailure(answer: Response): Promise<Failure | undefined> {
  const { status, headers } = answer;
  if (Number(headers.get("content-length") ?? 0) > LONGEST) return undefined;
  const text = await answer.clone().text();
  const errorType = shortName(headers.get("x-amzn-errortype"));
  if (text.trim() === "") {
    const said = errorType ? `${errorType} and no more` : "nothing";
    return ofAws(status, `The service answered ${status} and said ${said}`, errorType);
  }
  const body = parsed(text);
  if (body === undefined) return undefined;
  const { error } = body;
  if (typeof error === "object" && error !== null) return enveloped(status, error);
  const message = [body.message, body.Message].find((each) => typeof each === "string");
  const type = shortName(body.__type) ?? shortName(body.code) ?? errorType;
  if (message === undefined && type === undefined) return undefined;
  return ofAws(status, message ?? `The service answered ${status} ${type}`, type);
}

function enveloped(status: number, error: object): Failure {
  const { message, type, code, param } = error as Partial<Failure["error"]>;
  return {
    status,
    error: {
      message: typeof message === "string" ? message : "",
      type: typeof type === "string" ? type : null,
      code: typeof code === "string" ? code : null,
      param: param ?? null,
    },
    enveloped: true,
  };
}

function ofAws(status: number, message: string, type: string | undefined): Failure {
  const error = { message, type: type ?? null, code: type ?? null, param: null };
  return { status, error, enveloped: false };
}

/** `com.amazon.coral.service#Name` and `Name:http://…` are `Name`. */
function shortName(type: unknown): string | undefined {
  if (typeof type !== "string") return undefined;
  return type.replace(/^[^#]*#/, "").replace(/:.*$/s, "").trim() || undefined;
}

function parsed(text: string): Record<string, unknown> | undefined {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === "object" && value !== null
      ? value as Record<string, unknown>
      : undefined;
  } catch {
    return undefined;
  }
}
