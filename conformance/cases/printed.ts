/**
 * Prints a value in every way a program might, as one text: as JSON, as a string, as a clone, and
 * with all its properties, hidden ones included. Variables of closures cannot be printed.
 */
export function printed(value: unknown): string {
  const texts: string[] = [];
  collect(value, texts, new Set());
  for (const view of [JSON.stringify, String]) texts.push(attempt(() => view(value)) ?? "");
  const clone = attempt(() => structuredClone(value));
  if (clone !== undefined) collect(clone, texts, new Set());
  return texts.join("\n");
}

/** The platform itself, which loggers refer to. */
const PLATFORM: readonly unknown[] = [globalThis, console, Reflect.get(globalThis, "process")];

function collect(value: unknown, texts: string[], seen: Set<unknown>): void {
  if (typeof value === "string") texts.push(value);
  const walkable = typeof value === "function" || typeof value === "object" && value !== null;
  if (!walkable || seen.has(value) || PLATFORM.includes(value)) return;
  seen.add(value);
  if (ArrayBuffer.isView(value)) {
    texts.push(new TextDecoder().decode(value));
    return;
  }
  for (const entry of entriesOf(value)) collect(entry, texts, seen);
  for (const key of Reflect.ownKeys(value)) {
    texts.push(String(key));
    collect(attempt(() => Reflect.get(value, key)), texts, seen);
  }
}

function entriesOf(value: object): readonly unknown[] {
  return value instanceof Map || value instanceof Set || value instanceof Headers ? [...value] : [];
}

function attempt<T>(run: () => T): T | undefined {
  try {
    return run();
  } catch {
    return undefined;
  }
}
