import { plain } from "../../cli/plain.ts";

const references: Readonly<Record<string, string>> = {
  "&": "&amp;",
  "<": "&lt;",
  ">": "&gt;",
  '"': "&quot;",
  "'": "&#39;",
};

/** Markup that is safe to put into a page. Only {@link markup} and {@link join} make it. */
export class Markup {
  readonly #text: string;

  constructor(text: string) {
    this.#text = text;
  }

  toString(): string {
    return this.#text;
  }
}

/** Puts values into markup: text is escaped, and markup stays. */
export function markup(
  parts: TemplateStringsArray,
  ...values: (string | number | Markup)[]
): Markup {
  return new Markup(parts.reduce((text, part, index) => text + markUp(values[index - 1]!) + part));
}

/** Puts pieces of markup one after another. */
export function join(pieces: readonly Markup[]): Markup {
  return new Markup(pieces.join(""));
}

function markUp(value: string | number | Markup): string {
  if (value instanceof Markup) return value.toString();
  return plain(String(value), "\n").replace(/[&<>"']/g, (character) => references[character]!);
}
