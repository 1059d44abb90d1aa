import { mismatch } from "./errors.ts";

/** Whose signature it is, and what it is good for: `<id>/<date>/<region>/<service>/aws4_request`. */
export interface SigV4Scope {
  readonly accessKeyId: string;
  readonly date: string;
  readonly region: string;
  readonly service: string;
  readonly terminator: string;
}

/** What a signature must be scoped to. */
export interface ExpectedScope {
  /** The services that it may be scoped to, the right one first. */
  readonly services: readonly [string, ...string[]];
  readonly region: string;
}

/** Reads a scope; `undefined` where a part is missing or too many. */
export function parseScope(credential: string): SigV4Scope | undefined {
  const [accessKeyId, date, region, service, terminator, ...rest] = credential.split("/");
  if (!accessKeyId || !date || !region || !service || !terminator || rest.length) return undefined;
  return { accessKeyId, date, region, service, terminator };
}

/** Refuses a signature that is made for something else, or on another day than it says. */
export function checkScope(scope: SigV4Scope, amzDate: string, expected: ExpectedScope): void {
  const { services } = expected;
  // Observed: BerriAI/litellm pull request 31476; the other three texts are assumed.
  if (!services.includes(scope.service)) {
    throw mismatch(`Credential should be scoped to correct service: '${services[0]}'.`);
  }
  if (scope.region !== expected.region) {
    throw mismatch(`Credential should be scoped to a valid region: '${expected.region}'.`);
  }
  if (scope.terminator !== "aws4_request") {
    throw mismatch("Credential should be scoped with a valid terminator: 'aws4_request'.");
  }
  if (!amzDate.startsWith(`${scope.date}T`)) {
    throw mismatch("Date in Credential scope does not match the date of x-amz-date.");
  }
}
