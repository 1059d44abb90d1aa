/** A failure as a program without a client makes one of an answer. */
export class AnswerError extends Error {
  override readonly name = "AnswerError";
  readonly status: number;
  readonly code: string | undefined;
  readonly type: string | undefined;
  readonly requestID: string | null;

  constructor(
    { status, headers }: Response,
    { message, code, type }: Partial<Record<"message" | "code" | "type", string>>,
  ) {
    super(message ?? `The answer was ${status}`);
    this.status = status;
    this.code = code;
    this.type = type;
    this.requestID = headers.get("x-request-id");
  }
}

/** What a failed answer says, where that is in OpenAI's envelope. */
export async function failureOf(answer: Response): Promise<AnswerError> {
  const text = await answer.text();
  try {
    return new AnswerError(answer, JSON.parse(text).error ?? {});
  } catch {
    return new AnswerError(answer, {});
  }
}

/** JSON where it is JSON, nothing where there is nothing, else text. */
export async function answerOf(answer: Response): Promise<unknown> {
  if (answer.status === 204) return null;
  const isJson = answer.headers.get("content-type")?.includes("json");
  return isJson ? await answer.json() : await answer.text();
}

/** An answer that is JSON of a known shape. */
export async function jsonOf<T>(answer: Response): Promise<T> {
  return await answer.json();
}

/** The data of server-sent events, parsed, until they end or `[DONE]` comes. */
export async function* eventsOf<T>({ body }: Response): AsyncGenerator<T> {
  const reader = body?.getReader();
  const decoder = new TextDecoder();
  let text = "";
  try {
    for (;;) {
      const { done = true, value } = await reader?.read() ?? {};
      text += decoder.decode(value, { stream: !done });
      const lines = text.split(/\r?\n/);
      text = done ? "" : lines.pop() ?? "";
      for (const line of lines) {
        const [, data] = /^data: ?(.*)$/.exec(line) ?? [];
        if (data === undefined) continue;
        if (data === "[DONE]") return;
        const event = JSON.parse(data);
        if (event.error) throw new Error(event.error.message);
        yield event;
      }
      if (done) return;
    }
  } finally {
    reader?.cancel().catch(() => {});
  }
}
