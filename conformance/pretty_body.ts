const MAX_LENGTH = 3000;

/**
 * Formats a body for a report: JSON is indented, binary is given by its size, and the rest is
 * cut.
 */
export function prettyBody(body: string | Uint8Array): string {
  return truncate(formatBody(body));
}

/** Formats a whole body. */
export function formatBody(body: string | Uint8Array): string {
  const text = typeof body === "string" ? body : decode(body);
  try {
    return JSON.stringify(JSON.parse(text), undefined, 2);
  } catch {
    return text;
  }
}

/** Cuts a long text. */
export function truncate(text: string, length = MAX_LENGTH): string {
  return text.length > length ? `${text.slice(0, length)}…` : text;
}

function decode(bytes: Uint8Array): string {
  try {
    return new TextDecoder("utf-8", { fatal: true }).decode(bytes);
  } catch {
    return `${bytes.length} bytes that are not text`;
  }
}
