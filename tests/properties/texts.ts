import fc from "fast-check";

/** Texts that confuse parsers: separators, their encodings, and letters that only look alike. */
const NASTY = [
  ..."\0\t\n\r /\\@:?#%.,;=&+-_*~|^<>{}[]()'\"`$!",
  "\r\n",
  "\r\n\r\n",
  "../..",
  "/../",
  "//",
  "\\\\",
  "%00",
  "%0d%0a",
  "%2e%2e",
  "%2f",
  "%5c",
  "%25",
  "%",
  ".evil.example",
  "@evil.example",
  "//evil.example/",
  "evil.example#",
  "user:pass@",
  ":8443",
  "xn--",
  "а", // Cyrillic
  "ⅰ",
  "。", // a full stop to IDNA
  "／",
  "＠",
  "ß",
  "İ",
  "\u00ad", // soft hyphen, which IDNA drops
  "\u200b",
  "\u202e",
  "\u2028",
  "\ufeff",
  "\u0085",
  "\u00a0",
  "é",
  "💥",
  "\ud800",
  "\udc00",
  "\x7f",
  "\x1b[31m",
  "__proto__",
  "${x}",
  "[object Object]",
];

const nasty = fc.oneof(
  { weight: 4, arbitrary: fc.constantFrom(...NASTY) },
  { weight: 1, arbitrary: fc.string({ unit: "binary", maxLength: 4 }) },
);

/** A change of a text, by a place in it from 0 to 1. */
type Mutation = (text: string) => string;

const place = fc.double({ min: 0, max: 1, noNaN: true });
const at = (text: string, where: number) => Math.round(where * text.length);

const mutation: fc.Arbitrary<Mutation> = fc.oneof(
  {
    weight: 6,
    arbitrary: fc.tuple(place, nasty).map(([where, what]): Mutation => (text) =>
      text.slice(0, at(text, where)) + what + text.slice(at(text, where))
    ),
  },
  {
    weight: 2,
    arbitrary: fc.tuple(place, nasty).map(([where, what]): Mutation => (text) =>
      text.slice(0, at(text, where)) + what + text.slice(at(text, where) + 1)
    ),
  },
  nasty.map((what): Mutation => (text) => text + what),
  nasty.map((what): Mutation => (text) => what + text),
  place.map((where): Mutation => (text) => text.slice(0, at(text, where))),
  place.map((where): Mutation => (text) => text.slice(at(text, where))),
  fc.constantFrom<Mutation>(
    (text) => text.toUpperCase(),
    (text) => text + text,
    (text) => ` ${text}\t`,
    (text) => text.length < 1_000 ? text.repeat(200) : text,
    (text) => encodeURIComponent(text.toWellFormed()),
    (text) => [...text].reverse().join(""),
    () => "",
  ),
);

/** Generates a valid text with up to three changes. */
export function mutated(...valid: readonly string[]): fc.Arbitrary<string> {
  return fc.tuple(fc.constantFrom(...valid), fc.array(mutation, { maxLength: 3 })).map((
    [text, changes],
  ) => changes.reduce((changed, change) => change(changed), text));
}
