/** A failed response, as an error of a program without a client. */
export class ResponseError extends Error {
  override readonly name = "ResponseError";
  readonly status: number;
  readonly code: string | undefined;
  readonly type: string | undefined;
  readonly requestID: string | null;

  constructor(
    { status, headers }: Response,
    { message, code, type }: Partial<Record<"message" | "code" | "type", string>>,
  ) {
    super(message ?? `The status is ${status}`);
    this.status = status;
    this.code = code;
    this.type = type;
    this.requestID = headers.get("x-request-id");
  }
}

/** Reads a failed response, whose message is in OpenAI's envelope. */
export async function readError(response: Response): Promise<ResponseError> {
  const text = await response.text();
  try {
    return new ResponseError(response, JSON.parse(text).error ?? {});
  } catch {
    return new ResponseError(response, {});
  }
}

/** Reads a response as JSON or text, by its type; `null` if it has no content. */
export async function readContent(response: Response): Promise<unknown> {
  if (response.status === 204) return null;
  const isJson = response.headers.get("content-type")?.includes("json");
  return isJson ? await response.json() : await response.text();
}

/** Reads a response as JSON of a known shape. */
export async function readJson<T>(response: Response): Promise<T> {
  return await response.json();
}

/** Yields the parsed data of server-sent events, until the end or `[DONE]`. */
export async function* readEvents<T>({ body }: Response): AsyncGenerator<T> {
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
