const LONGEST = 3000;

/** A body as it can be read: JSON in lines, what is no text by its size, and not too much of it. */
export function legible(body: string | Uint8Array): string {
  return cut(inLines(body));
}

/** A body as it can be read, whole. */
export function inLines(body: string | Uint8Array): string {
  const text = typeof body === "string" ? body : textOf(body);
  try {
    return JSON.stringify(JSON.parse(text), undefined, 2);
  } catch {
    return text;
  }
}

/** Not too much of a text. */
export function cut(text: string): string {
  return text.length > LONGEST ? `${text.slice(0, LONGEST)}…` : text;
}

function textOf(bytes: Uint8Array): string {
  try {
    return new TextDecoder("utf-8", { fatal: true }).decode(bytes);
  } catch {
    return `${bytes.length} bytes that are no text`;
  }
}
