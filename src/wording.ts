import { isOfCallback } from "./callback.ts";
import { BedrockError } from "./errors.ts";
import type { Authenticator } from "./request.ts";

/** Puts a message in the names that the options have for whoever reads it. */
export type Wording = (message: string) => string;

/** An error in other words. What a callback refused by itself stays in its own. */
export function reworded(error: unknown, wording: Wording): unknown {
  if (!(error instanceof BedrockError) || isOfCallback(error)) return error;
  return new BedrockError(error.code, wording(error.message), error);
}

/** Makes what goes wrong at a request be told in other words. */
export function rewording(authenticator: Authenticator, wording: Wording): Authenticator {
  const told = (error: unknown) => {
    throw reworded(error, wording);
  };
  return {
    ...authenticator,
    authorize: (request) => authenticator.authorize(request).catch(told),
    renew: (refused, signals) => authenticator.renew(refused, signals).catch(told),
  };
}
