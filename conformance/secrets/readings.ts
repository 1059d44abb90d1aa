import { joinedStrings } from "./joined_strings.ts";

/** The depth of nested encodings, such as Base64 in Base64. */
const DEPTH = 3;

/** The depth of nested escapes, such as JSON in JSON in a URL. */
const ESCAPES = 8;

/**
 * Lists every text that a text can be read as: unchanged, with the pieces of its events joined, with
 * the escapes of JSON, URLs and HTML undone, and with Base64 and hexadecimal decoded.
 */
export function readings(text: string): string[] {
  const found = new Set<string>();
  for (const each of [text, ...joinedStrings(text)]) read(each, DEPTH, found);
  return [...found];
}

function read(text: string, depth: number, found: Set<string>): void {
  const plain = unescaped(text);
  for (const each of [text, plain]) found.add(each);
  if (depth === 0) return;
  // Encoded data is often broken into lines
  for (const each of new Set([plain, compact(plain)])) {
    for (const decoded of [...fromBase64(each), ...fromHexadecimal(each)]) {
      if (decoded !== "" && !found.has(decoded)) read(decoded, depth - 1, found);
    }
  }
}

const ESCAPE =
  /\\u\{0*([0-9a-f]{1,6})\}|\\u([0-9a-f]{4})|\\x([0-9a-f]{2})|%([0-9a-f]{2})|&#x0*([0-9a-f]{1,6});?|&#0*(\d{1,7});?|&([a-z]{2,6});|\\(.)/gi;

/** The HTML references of characters that occur in credentials and JSON. */
const REFERENCES: Readonly<Record<string, string>> = {
  ...{ amp: "&", lt: "<", gt: ">", quot: '"', apos: "'", nbsp: " ", num: "#", percnt: "%" },
  ...{ plus: "+", sol: "/", bsol: "\\", equals: "=", hyphen: "-", dash: "-", lowbar: "_" },
  ...{ period: ".", colon: ":", comma: ",", semi: ";" },
};

/** Undoes escapes, nested ones included, and removes invisible characters. */
export function unescaped(text: string): string {
  let plain = text;
  for (let round = 0; round < ESCAPES; round++) {
    const before = plain;
    plain = plain.replace(ESCAPE, unescapedOne);
    if (plain === before) break;
  }
  return plain.replace(/\p{Cf}/gu, "");
}

function unescapedOne(whole: string, ...groups: (string | undefined)[]): string {
  const [braced, four, two, percent, hexadecimal, decimal, name, simple] = groups;
  if (simple !== undefined) return "bfnrt".includes(simple) ? "\n" : simple;
  if (name !== undefined) return REFERENCES[name.toLowerCase()] ?? whole;
  const digits = braced ?? four ?? two ?? percent ?? hexadecimal;
  const code = digits === undefined ? Number(decimal) : parseInt(digits, 16);
  return code <= 0x10ffff ? String.fromCodePoint(code) : whole;
}

/** Removes white space. */
export function compact(text: string): string {
  return text.replace(/\s+/g, "");
}

/** Decodes Base64 of either alphabet, at each of the four possible offsets. */
function fromBase64(text: string): string[] {
  const runs = text.match(/[\w+/-]{11,}/g) ?? [];
  return [0, 1, 2, 3].map((shift) =>
    runs.map((run) => {
      const digits = run.slice(shift).replaceAll("-", "+").replaceAll("_", "/");
      return printable(atob(digits.length % 4 === 1 ? digits.slice(0, -1) : digits));
    }).join("")
  );
}

/** Decodes pairs of hexadecimal digits, with or without colons between them. */
function fromHexadecimal(text: string): string[] {
  const runs = text.replaceAll(":", "").match(/[0-9a-f]{16,}/gi) ?? [];
  return [0, 1].map((shift) =>
    runs.map((run) => {
      const pairs = run.slice(shift).match(/../g) ?? [];
      return printable(pairs.map((pair) => String.fromCharCode(parseInt(pair, 16))).join(""));
    }).join("")
  );
}

/** Extracts text from bytes; the rest is noise from decoding what was not encoded. */
function printable(bytes: string): string {
  // UTF-16 has a zero beside each letter
  return (bytes.replaceAll("\0", "").match(/[\x20-\x7e]{8,}/g) ?? []).map((text) => `${text}\n`)
    .join("");
}
