import { invalid } from "../loopback/refusal.ts";

/**
 * Refuses what asks for another method than that of the request, such as `X-HTTP-Method-Override`
 * or `_method`: to leave it out would do what nobody has asked for, and to send it on might do what
 * the method does not show.
 *
 * @param what What the names are of.
 * @throws {Refusal} If one of the names is such a name, however it is punctuated.
 */
export function assertNoOverride(what: string, names: Iterable<string>): void {
  for (const name of names) {
    if (!OVERRIDE.test(name.toLowerCase().replace(/[^a-z0-9]/g, ""))) continue;
    throw invalid(
      `The ${what} ${JSON.stringify(name)} asks for another method: leave it out, and send the ` +
        "request with the method that is meant",
    );
  }
}

/** Not every name with "method" in it: the OpenAI client sends `X-Stainless-Helper-Method`. */
const OVERRIDE = new RegExp(
  "(?:method|verb)override|override(?:http)?(?:method|verb)|" +
    "^x?(?:http|original|real|request|rewrite|tunneled)?(?:method|verb)$",
);
