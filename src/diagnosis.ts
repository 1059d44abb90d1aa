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

/** Words that tell, with the statuses that they come with; the first that fits counts. */
const SIGNS: readonly (readonly [RegExp, Diagnosis, readonly number[]])[] = [
  // An error of the route, though it looks like one of entitlement
  [/^Berm is not enabled/, "wrong prefix", [401]],
  [/^The model .* does not support the '[^']*' API/, "wrong prefix", [400]],
  [/^model .* isn't supported on this route/, "wrong prefix", [400, 404]],
  [/ is not authorized to perform: \S/, "permission missing", [401, 403]],
  [/^Credential should be scoped to/, "wrong scope", [401, 403]],
  [/^Signature (?:expired|not yet current)/, "clock skewed", [401, 403]],
  [/^The security token included in the request is expired/, "credential expired", [401, 403]],
  [/^The security token included in the request is inv/, "credential unrecognised", [401, 403]],
  [/^Invalid bearer token|API Key is valid\.$/, "credential unrecognised", [401, 403]],
  [/^The request signature we calculated/, "credential unrecognised", [401, 403]],
];

/** The same, by the types of AWS's own shape of error. */
const TYPES: Readonly<Record<string, Diagnosis>> = {
  RequestTimeTooSkewed: "clock skewed",
  ExpiredToken: "credential expired",
  ExpiredTokenException: "credential expired",
  UnrecognizedClientException: "credential unrecognised",
  InvalidClientTokenId: "credential unrecognised",
};

/** Tells what is behind a failure; `undefined` where its own words say enough. */
export function diagnose(
  { status, message, code }: Failure,
  { mode }: Credential,
  model: string | undefined,
): Diagnosis | undefined {
  const sign = SIGNS.find(([words, , statuses]) =>
    statuses.includes(status) && words.test(message)
  );
  const type = status < 500 && Object.hasOwn(TYPES, code) ? TYPES[code] : undefined;
  const found = sign?.[1] ?? type;
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
