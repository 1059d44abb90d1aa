import { copiedBytes } from "./bytes.ts";
import { readProperty } from "./read_property.ts";
import { onceFound, type Soon } from "./soon.ts";

/** The model that a request's body names at its top level; `undefined` where it names none. */
export function modelOf(body: unknown): Soon<string | undefined> {
  return body instanceof FormData ? text(body.get("model")) : onceFound(jsonText(body), modelIn);
}

function modelIn(json: string | undefined): string | undefined {
  if (json === undefined) return undefined;
  // What nearly every client sends; saves parsing a long body
  const [, leading] = /^\{"model":"([^"\\\p{Cc}]*)"[,}]/u.exec(json) ?? [];
  if (leading !== undefined) return leading;
  try {
    const value: unknown = JSON.parse(json);
    return value instanceof Object ? text(readProperty(value, "model")) : undefined;
  } catch {
    return undefined;
  }
}

/** The text of a body that may be JSON and can be read without being used up. */
function jsonText(body: unknown): Soon<string | undefined> {
  if (typeof body === "string") return body;
  const bytes = copiedBytes(body);
  if (bytes) return new TextDecoder().decode(bytes);
  if (body instanceof Request) {
    const isJson = /\bjson\b/.test(body.headers.get("content-type") ?? "");
    return isJson ? body.clone().text() : undefined;
  }
  return body instanceof Blob && /\bjson\b/.test(body.type) ? body.text() : undefined;
}

function text(value: unknown): string | undefined {
  return typeof value === "string" ? value : undefined;
}
