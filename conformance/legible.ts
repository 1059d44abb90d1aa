const LONGEST = 3000;

/** A body as it can be read: JSON in lines, what is no text by its size, and not too much of it. */
export function legible(body: string | Uint8Array): string {
  const text = typeof body === "string" ? body : textOf(body);
  const lines = inLines(text);
  return lines.length > LONGEST ? `${lines.slice(0, LONGEST)}…` : lines;
}

function textOf(bytes: Uint8Array): string {
  try {
    return new TextDecoder("utf-8", { fatal: true }).decode(bytes);
  } catch {
    return `${bytes.length} bytes that are no text`;
  }
}

function inLines(text: string): string {
  try {
    return JSON.stringify(JSON.parse(text), undefined, 2);
  } catch {
    return text;
  }
}
