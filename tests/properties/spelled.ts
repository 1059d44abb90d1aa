import { Buffer } from "node:buffer";
import fc from "fast-check";

/** Ways to write a text, by name, so that an input that breaks a claim can be printed. */
const SPELLINGS = {
  "JSON": (text: string) => JSON.stringify(text).slice(1, -1),
  "JSON in numbers": (text: string) =>
    each(text, (code) => `\\u${code.toString(16).padStart(4, "0")}`),
  "JSON with slashes": (text: string) => text.replaceAll("/", "\\/"),
  "JavaScript": (text: string) => each(text, (code) => `\\u{${code.toString(16)}}`),
  "bytes of JavaScript": (text: string) =>
    each(text, (code) => `\\x${code.toString(16).padStart(2, "0")}`),
  "a URL": encodeURIComponent,
  "a URL, all of it": (text: string) =>
    each(text, (code) => `%${code.toString(16).toUpperCase().padStart(2, "0")}`),
  "HTML": (text: string) =>
    text.replaceAll("&", "&amp;").replaceAll("+", "&plus;").replaceAll("/", "&sol;")
      .replaceAll("=", "&equals;"),
  "HTML in numbers": (text: string) => each(text, (code) => `&#${code};`),
  "HTML in hexadecimal": (text: string) => each(text, (code) => `&#x${code.toString(16)};`),
  "Base64": (text: string) => Buffer.from(text).toString("base64"),
  "Base64 from the second byte": (text: string) => Buffer.from(`:${text}:`).toString("base64"),
  "Base64 from the third byte": (text: string) => Buffer.from(`me${text}`).toString("base64"),
  "Base64 of URLs": (text: string) => Buffer.from(`me:${text}~`).toString("base64url"),
  "Base64 in lines": (text: string) =>
    Buffer.from(text).toString("base64").replace(/.{19}/g, "$&\r\n"),
  "hexadecimal": (text: string) => Buffer.from(text).toString("hex"),
  "hexadecimal in capitals": (text: string) => Buffer.from(text).toString("hex").toUpperCase(),
  "hexadecimal with colons": (text: string) =>
    Buffer.from(text).toString("hex").replace(/..(?!$)/g, "$&:"),
  "characters that nobody sees": (text: string) => [...text].join("\u200b"),
  "backwards": (text: string) => [...text].reverse().join(""),
} satisfies Record<string, (text: string) => string>;

function each(text: string, write: (code: number) => string): string {
  return [...text].map((character) => write(character.charCodeAt(0))).join("");
}

/** The name of a way to write a text. */
export type Spelling = keyof typeof SPELLINGS;

/** Every way to write a text. */
export const allSpellings = Object.keys(SPELLINGS) as Spelling[];

const ALONE: readonly Spelling[] = ["characters that nobody sees", "backwards"];
const way = fc.constantFrom(...allSpellings.filter((each) => !ALONE.includes(each)));

/** One way to write a text, or two of them on top of each other. */
export const spelling: fc.Arbitrary<readonly Spelling[]> = fc.oneof(
  { weight: 9, arbitrary: fc.array(way, { minLength: 1, maxLength: 2 }) },
  { weight: 1, arbitrary: fc.constantFrom(...ALONE).map((each) => [each]) },
);

/** Writes a text in these ways, one after the other. */
export function spelled(text: string, ways: readonly Spelling[]): string {
  return ways.reduce((written, way) => SPELLINGS[way](written), text);
}
