/** A value of JSON. */
type Json = string | number | boolean | null | readonly Json[] | { readonly [name: string]: Json };

/** The fields that identify which of several texts a piece of a stream belongs to. */
const PLACE = /^(?:type|index|item_id|\w{1,40}_index)$/;

/**
 * Joins the strings at each path of a JSON text, or of the events of a stream, so that a text which
 * is sent in pieces can be read as a whole.
 */
export function joinedStrings(text: string): string[] {
  const pieces = new Map<string, string[]>();
  for (const value of valuesOf(text)) collect(value, "", "", pieces);
  const joined = [...pieces.values()].filter(({ length }) => length > 1);
  return [...new Set(joined.map((each) => each.join("")))];
}

function valuesOf(text: string): Json[] {
  const whole = parsed(text);
  if (whole !== undefined) return [whole];
  return text.split(/\r\n\r\n|\n\n|\r\r/).flatMap((event) => {
    const lines = event.split(/\r\n|\n|\r/).filter((line) => line.startsWith("data:"));
    if (lines.length === 0) return [];
    const value = parsed(lines.map((line) => line.slice(5)).join("\n"));
    return value === undefined ? [] : [value];
  });
}

function collect(value: Json, path: string, place: string, pieces: Map<string, string[]>): void {
  if (typeof value === "string") {
    // By path alone, and by path and item
    for (const key of new Set([path, path + place])) {
      const known = pieces.get(key);
      if (known) known.push(value);
      else pieces.set(key, [value]);
    }
  } else if (Array.isArray(value)) {
    for (const each of value as readonly Json[]) collect(each, `${path}[]`, place, pieces);
  } else if (typeof value === "object" && value !== null) {
    const fields = Object.entries(value);
    const here = fields.filter(([name]) => PLACE.test(name)).map(([, value]) => `\n${value}`);
    for (const [name, field] of fields) {
      collect(field, `${path}.${name}`, place + here.join(""), pieces);
    }
  }
}

function parsed(text: string): Json | undefined {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
