import type { Credential } from "./credential.ts";
import type { Failure } from "./failure.ts";

/** What is behind a failure that users meet, as far as its words tell. */
export type Diagnosis =
  | "wrong prefix"
  | "permission missing"
  | "wrong scope"
  | "credential expired"
  | "credential unrecognised"
  | "clock skewed"
  | "model of Runtime";

/** The words that tell, in an order in which the first that fits counts. */
const SIGNS: readonly (readonly [RegExp, Diagnosis])[] = [
  // An error of the route, though it looks like one of entitlement (mantle.md, 1.4)
  [/Berm is not enabled/, "wrong prefix"],
  [/does not support the '[^']*' API|isn't supported on this route/, "wrong prefix"],
  [/is not authorized to perform: \S+/, "permission missing"],
  [/Credential should be scoped to/, "wrong scope"],
  [/RequestTimeTooSkewed|Signature not yet current/, "clock skewed"],
  [/security token included in the request is expired|ExpiredToken/, "credential expired"],
  [/Signature expired/, "clock skewed"],
  [/security token included in the request is invalid/, "credential unrecognised"],
  [/UnrecognizedClient|InvalidClientTokenId|Invalid bearer token/, "credential unrecognised"],
  [/sure your API Key is valid|request signature we calculated/, "credential unrecognised"],
];

/** Tells what is behind a failure; `undefined` where its own words say enough. */
export function diagnose(
  { status, error: { message, code } }: Failure,
  { mode }: Credential,
  model: string | undefined,
): Diagnosis | undefined {
  if (status < 400 || status >= 500) return undefined;
  const text = `${code ?? ""} ${message}`;
  const found = SIGNS.find(([pattern]) => pattern.test(text))?.[1];
  // A short-term key is a signature of its own, which its life ends, whatever the clock says
  if (found === "clock skewed" && mode === "bearer") return "credential expired";
  if (found) return found;
  const isProfile = model !== undefined && /^(?:us|us-gov|eu|apac|global)\./.test(model);
  return status === 404 && isProfile ? "model of Runtime" : undefined;
}

/** Whether another credential may be let in where this one was refused. */
export function isOfCredential(diagnosis: Diagnosis | undefined): boolean {
  return diagnosis === "credential expired" || diagnosis === "credential unrecognised";
}
