import { plain } from "../../cli/plain.ts";

const references: Readonly<Record<string, string>> = {
  "&": "&amp;",
  "<": "&lt;",
  ">": "&gt;",
  '"': "&quot;",
  "'": "&#39;",
};

/** Markup that is safe in a page. Only {@link markup} and {@link join} create it. */
export class Markup {
  readonly #text: string;

  constructor(text: string) {
    this.#text = text;
  }

  toString(): string {
    return this.#text;
  }
}

/** Inserts values into markup: text is escaped, markup is not. */
export function markup(
  parts: TemplateStringsArray,
  ...values: (string | number | Markup)[]
): Markup {
  return new Markup(parts.reduce((text, part, index) => text + markUp(values[index - 1]!) + part));
}

/** Concatenates pieces of markup. */
export function join(pieces: readonly Markup[]): Markup {
  return new Markup(pieces.join(""));
}

function markUp(value: string | number | Markup): string {
  if (value instanceof Markup) return value.toString();
  return plain(String(value), "\n").replace(/[&<>"']/g, (character) => references[character]!);
}
