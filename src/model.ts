import { copiedBytes } from "./bytes.ts";

/** The model that a request's body names at its top level; `undefined` where it names none. */
export async function modelOf(body: unknown): Promise<string | undefined> {
  if (body instanceof FormData) return text(body.get("model"));
  const json = await jsonText(body);
  if (json === undefined) return undefined;
  // What nearly every client sends; saves parsing a long body
  const leading = /^\{"model":("[^"\\]*")[,}]/.exec(json)?.[1];
  try {
    const parsed: unknown = JSON.parse(leading === undefined ? json : `{"model":${leading}}`);
    return text((parsed as { model?: unknown } | null)?.model);
  } catch {
    return undefined;
  }
}

/** The text of a body that may be JSON and can be read without being used up. */
async function jsonText(body: unknown): Promise<string | undefined> {
  if (typeof body === "string") return body;
  const bytes = copiedBytes(body);
  if (bytes) return new TextDecoder().decode(bytes);
  if (body instanceof Request) {
    const isJson = /\bjson\b/.test(body.headers.get("content-type") ?? "");
    return isJson ? await body.clone().text() : undefined;
  }
  return body instanceof Blob && /\bjson\b/.test(body.type) ? await body.text() : undefined;
}

function text(value: unknown): string | undefined {
  return typeof value === "string" ? value : undefined;
}
