import { inspect } from "node:util";
import { assertSilent } from "./secrets.ts";

/** Describes a value, even if it refuses to be shown. */
export function shown(value: unknown): string {
  return attempted(() => inspect(value)) || "what cannot be shown";
}

/** Returns everything that a program might print of a value and its causes. */
export function everyView(value: unknown): string {
  const views = [
    () => inspect(value, { depth: 9, showHidden: true, getters: true }),
    () => inspect(value),
    () => JSON.stringify(value),
    () => String(value),
    () => String((value as Error).stack),
    () => JSON.stringify(Object.getOwnPropertyDescriptors(value)),
    () => everyView((value as Error).cause),
  ];
  const texts = value === undefined || value === null ? [] : views.map((view) => attempted(view));
  return texts.join("\n");
}

/** Runs a view, which a hostile value may refuse. */
function attempted(view: () => string): string {
  try {
    return view();
  } catch {
    return "";
  }
}

const METHODS = ["debug", "error", "info", "log", "trace", "warn"] as const;

/** Runs a function, and asserts that nothing printed meanwhile shows a secret. */
export async function quietly<T>(run: () => T | Promise<T>): Promise<T> {
  const before = Object.fromEntries(METHODS.map((name) => [name, console[name]]));
  const printed: string[] = [];
  const print = (...values: unknown[]) => void printed.push(...values.map(everyView));
  Object.assign(console, Object.fromEntries(METHODS.map((name) => [name, print])));
  try {
    return await run();
  } finally {
    Object.assign(console, before);
    assertSilent(printed.join("\n"), "the console");
  }
}
