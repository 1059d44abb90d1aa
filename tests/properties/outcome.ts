import assert from "node:assert/strict";
import { BedrockError } from "../../mod.ts";
import { assertSilent } from "./secrets.ts";
import { everyView, shown } from "./views.ts";

/** The outcome of a call: a value, or what was thrown. */
export type Outcome<T> = { readonly value: T } | { readonly thrown: unknown };

/** Runs to the end, whatever that is. */
export async function outcomeOf<T>(run: () => T | Promise<T>): Promise<Outcome<T>> {
  try {
    return { value: await run() };
  } catch (thrown) {
    return { thrown };
  }
}

/** Asserts that an error is one of ours, in our form of words, and shows no secret. */
export function assertOurs(error: unknown): asserts error is BedrockError {
  assert.ok(error instanceof BedrockError, `not a BedrockError: ${shown(error)}`);
  assert.match(error.message, /^[A-Z`].*[^.]$/s);
  assert.ok(error.message.length < 2_000, `too long: ${error.message.slice(0, 200)}`);
  assertSilent(everyView(error), "the error");
}

/** Returns the value of a call, or `undefined` if it was refused; throws for any other outcome. */
export async function valueOrRefusal<T>(run: () => T | Promise<T>): Promise<T | undefined> {
  const outcome = await outcomeOf(run);
  if ("value" in outcome) {
    assertSilent(everyView(outcome.value), "the value");
    return outcome.value;
  }
  assertOurs(outcome.thrown);
  return undefined;
}
