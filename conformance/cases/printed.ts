/**
 * Everything that a program might print of a value, in one text: as JSON, as a string, as a clone,
 * and all that it holds, hidden properties included. What functions close over cannot be printed.
 */
export function printed(value: unknown): string {
  const texts: string[] = [];
  collect(value, texts, new Set());
  for (const view of [JSON.stringify, String]) texts.push(attempt(() => view(value)) ?? "");
  const clone = attempt(() => structuredClone(value));
  if (clone !== undefined) collect(clone, texts, new Set());
  return texts.join("\n");
}

/** The platform itself, which loggers lead to. */
const ENDS: readonly unknown[] = [globalThis, console, Reflect.get(globalThis, "process")];

function collect(value: unknown, texts: string[], seen: Set<unknown>): void {
  if (typeof value === "string") texts.push(value);
  const walkable = typeof value === "function" || typeof value === "object" && value !== null;
  if (!walkable || seen.has(value) || ENDS.includes(value)) return;
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
