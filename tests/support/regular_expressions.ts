/** A regular expression of a source file. */
export interface Literal {
  readonly path: string;
  readonly line: number;
  /** Nothing where it is made of more than constant texts of its file. */
  readonly pattern: RegExp | undefined;
  /** True if a text is split by it, which tries it at every place. */
  readonly splits: boolean;
}

/** Words and signs after which a slash begins a regular expression, and is no division. */
const BEFORE =
  /^(?:[(,=:[!&|?{};+\-*%<>~^]?|return|typeof|case|in|of|void|throw|else|await|yield)$/;

/** Finds the regular expressions of a TypeScript file: literals, and calls of `new RegExp`. */
export function regularExpressions(path: string, text: string): Literal[] {
  const found: Literal[] = [];
  const note = (start: number, pattern: RegExp | undefined, splits = false) => {
    found.push({ path, line: text.slice(0, start).split("\n").length, pattern, splits });
  };
  /** For each template that is not at its end, how many braces are open in it. */
  const templates: number[] = [];
  const calls: { readonly start: number; readonly depth: number }[] = [];
  let [at, depth, before] = [0, 0, ""];
  const take = (pattern: RegExp): string | undefined => {
    pattern.lastIndex = at;
    const taken = pattern.exec(text)?.[0];
    at += taken?.length ?? 0;
    return taken;
  };
  const restOfTemplate = () => {
    const taken = take(/(?:[^`\\$]|\\[^]|\$(?!\{))*(?:`|\$\{)/y);
    if (!taken?.endsWith("{")) return "`";
    templates.push(0);
    return "{";
  };
  const brace = (sign: string) => {
    const open = templates.pop();
    if (open !== undefined) templates.push(open + (sign === "{" ? 1 : sign === "}" ? -1 : 0));
  };
  while (at < text.length) {
    if (take(/\s+|\/\/.*|\/\*[^]*?\*\/|#!.*/y) !== undefined) continue;
    const start = at;
    const literal = BEFORE.test(before) &&
      take(/\/(?:[^/\\[\n]|\\.|\[(?:[^\]\\\n]|\\.)*\])+\/[a-z]*/y);
    if (literal) {
      const end = literal.lastIndexOf("/");
      const pattern = new RegExp(literal.slice(1, end), literal.slice(end + 1));
      note(start, pattern, text.slice(0, start).trimEnd().endsWith(".split("));
      before = "/";
    } else if (take(/"(?:[^"\\\n]|\\[^])*"|'(?:[^'\\\n]|\\[^])*'/y) !== undefined) before = '"';
    else if (take(/`/y)) before = restOfTemplate();
    else if (templates.at(-1) === 0 && take(/\}/y)) {
      templates.pop();
      before = restOfTemplate();
    } else {
      const sign = take(/[\w$]+|[^]/y) ?? "";
      brace(sign);
      if (sign === "RegExp" && before === "new") calls.push({ start: at, depth });
      depth += sign === "(" ? 1 : sign === ")" ? -1 : 0;
      if (sign === ")" && calls.at(-1)?.depth === depth) {
        const call = calls.pop()!;
        note(call.start, built(text, call.start, at));
      }
      before = sign;
    }
  }
  return found;
}

/** Evaluates a call of `RegExp` with constant texts of its file, if it has only those. */
function built(text: string, start: number, end: number): RegExp | undefined {
  const constants = text.slice(0, start).match(/^const \w+ = "[^\n]*";$/gm)?.join("\n") ?? "";
  try {
    return new Function(`${constants}\nreturn new RegExp${text.slice(start, end)}`)();
  } catch {
    return undefined;
  }
}

/** A part of a pattern that takes characters, and how often it may. */
interface Atom {
  /** A character that it takes. */
  readonly sample: string;
  /** All characters of those below that it takes. */
  readonly samples: readonly string[];
  /** By itself, or with a group that it is in. */
  isRepeated: boolean;
  /** The text before it. */
  readonly prefix: string;
}

const CHARACTERS = [..."a0 -./:A_=+f,;\"'\\%&#<{[(@~xé\t\n\r"];

const TOKEN =
  /(\((?:\?(?:[:=!]|<[=!]|<\w+>))?)|(\))|(\|)|([$^]|\\[bB])|((?:\[(?:[^\]\\]|\\.)*\]|\\[pP]\{[^}]*\}|\\u\{[^}]*\}|\\u[\da-f]{4}|\\x[\da-f]{2}|\\c[a-z]|\\.|[^\\]))|/giy;

/** Lists the parts of a pattern in order, with alternatives on their own. */
function atomsOf({ source, flags }: RegExp): Atom[] {
  const atoms: Atom[] = [];
  const groups: { readonly prefix: string; readonly first: number }[] = [];
  let prefix = "";
  let at = 0;
  while (at < source.length) {
    TOKEN.lastIndex = at;
    const [whole = "", opens, closes, or, , atom] = TOKEN.exec(source) ?? [];
    at += whole.length;
    const quantifier = opens || or
      ? ""
      : /^(?:[*+?]|\{\d+(?:,\d*)?\})\??/.exec(source.slice(at))?.[0] ?? "";
    at += quantifier.length;
    const isRepeated = /^[*+]|^\{\d+,/.test(quantifier);
    if (opens) groups.push({ prefix, first: atoms.length });
    if (or) prefix = groups.at(-1)?.prefix ?? "";
    if (closes) {
      const { first } = groups.pop()!;
      if (isRepeated) { for (const inside of atoms.slice(first)) inside.isRepeated = true; }
    }
    if (atom === undefined) continue;
    const one = single(atom, flags);
    const samples = [...new Set(CHARACTERS.concat([...atom]))].filter((each) => one?.test(each));
    const sample = samples[0] ?? "";
    const count = Math.min(Number(/\d+/.exec(quantifier)?.[0] ?? 1), 64);
    atoms.push({ sample, samples, isRepeated, prefix });
    prefix += sample.repeat(count);
  }
  return atoms;
}

function single(atom: string, flags: string): RegExp | undefined {
  // A reference to a group takes what that has taken
  if (/^\\[1-9k]/.test(atom)) return undefined;
  return new RegExp(`^(?:${atom})$`, flags.replace(/[gy]/g, ""));
}

/** Chooses characters that a part matches, preferably those that most other parts match too. */
function likely({ samples }: Atom, atoms: readonly Atom[]): string[] {
  const count = (sample: string) => atoms.filter(({ samples }) => samples.includes(sample)).length;
  return samples.toSorted((one, other) => count(other) - count(one)).slice(0, 5);
}

/** A text that may take a pattern long: its beginning, what is repeated, and its end. */
export type Attack = readonly [prefix: string, pump: string, suffix: string];

/** Texts that lead a pattern to each place where it repeats something, and on and on from there. */
export function attacksOn(pattern: RegExp): Attack[] {
  const atoms = atomsOf(pattern);
  const pumps = new Map<string, Set<string>>();
  const add = (prefix: string, pump: string) => {
    if (pump !== "") pumps.set(prefix, (pumps.get(prefix) ?? new Set()).add(pump));
  };
  for (const [place, atom] of atoms.entries()) {
    if (!atom.isRepeated) continue;
    const rest = atoms.slice(place).map(({ sample }) => sample);
    for (const prefix of new Set(["", atom.prefix])) {
      for (const sample of likely(atom, atoms)) add(prefix, sample);
      for (const length of [2, 3, 5]) add(prefix, rest.slice(0, length).join(""));
    }
    // What it begins with, over and over, so that it begins anywhere
    add("", atom.prefix);
    add("", atom.prefix + atom.sample);
    add("", ` ${atom.prefix}`);
  }
  return [...pumps].flatMap(([prefix, all]) =>
    [...all].flatMap((pump) =>
      ["", "\u0001", "!\n"].map((suffix) => [prefix, pump, suffix] as const)
    )
  );
}

/** Creates the text of an attack with this many characters. */
export function textOf([prefix, pump, suffix]: Attack, length: number): string {
  return prefix + pump.repeat(Math.ceil(length / pump.length)) + suffix;
}
