/** The names that a module exports. */
export interface Exported {
  readonly values: readonly string[];
  readonly types: readonly string[];
}

/** Reads what a module exports from its text; `export *` would hide it, and counts as a value. */
export function exported(text: string): Exported {
  const code = text.replace(/\/\*[^]*?\*\//g, "");
  const values: string[] = [];
  const types: string[] = [];
  for (const [, type, names = ""] of code.matchAll(/^export (type )?\{([^}]*)\}/gm)) {
    for (const name of names.split(",").map((each) => each.trim()).filter(Boolean)) {
      const [, isType, own = ""] = /^(type )?.*?(\w+)$/s.exec(name) ?? [];
      (type || isType ? types : values).push(own);
    }
  }
  const declared = /^export (?:async )?(function|class|const|let|interface|type) (\w+)/gm;
  for (const [, kind = "", name = ""] of code.matchAll(declared)) {
    (kind === "interface" || kind === "type" ? types : values).push(name);
  }
  if (/^export \*/m.test(code)) values.push("*");
  return { values: values.toSorted(), types: types.toSorted() };
}
