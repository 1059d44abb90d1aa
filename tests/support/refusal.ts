import assert from "node:assert/strict";
import { inspect } from "node:util";
import { BedrockError, type BedrockErrorCode } from "../../mod.ts";

/** Text that must never show up in anything that a failure produces. */
export const SECRET = "TOP-SECRET-VALUE";

/** Asserts that an error is ours, has the code, names what it should, and leaks nothing. */
export function assertRefusal(error: unknown, code: BedrockErrorCode, ...words: string[]): void {
  assert.ok(error instanceof BedrockError, `not a BedrockError: ${inspect(error)}`);
  assert.equal(error.code, code, error.message);
  for (const word of words) assert.ok(error.message.includes(word), `no ${word}: ${error.message}`);
  assert.match(error.message, /^[A-Z`].*[^.]$/s);
  const shown = [error.message, error.stack, String(error.cause), inspect(error, { depth: 9 })];
  assert.ok(!shown.join("\n").includes(SECRET), "a secret is shown");
}

/** Asserts that a function refuses at once. */
export function refuses(run: () => unknown, code: BedrockErrorCode, ...words: string[]): void {
  try {
    run();
  } catch (error) {
    return assertRefusal(error, code, ...words);
  }
  assert.fail(`accepted instead of ${code}`);
}

/** Asserts that a promise is refused: by an error or, as `.fetch` does, by a response of ours. */
export async function rejects(
  promise: Promise<unknown>,
  code: BedrockErrorCode,
  ...words: string[]
): Promise<void> {
  const outcome = await promise.catch((error: unknown) => error);
  assertRefusal(outcome instanceof Response ? await refusalOf(outcome) : outcome, code, ...words);
}

async function refusalOf(response: Response): Promise<BedrockError> {
  const text = await response.text();
  assert.equal(response.headers.get("x-should-retry"), "false", text);
  assert.ok(response.status === 400 || response.status === 401, `${response.status} ${text}`);
  const { error: { type, code, message } } = JSON.parse(text);
  assert.equal(type, "bedrock_error", text);
  return new BedrockError(code, message);
}
