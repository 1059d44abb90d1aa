import { mismatch } from "./errors.ts";

/** The credential and scope of a signature: `<id>/<date>/<region>/<service>/aws4_request`. */
export interface SigV4Scope {
  readonly accessKeyId: string;
  readonly date: string;
  readonly region: string;
  readonly service: string;
  readonly terminator: string;
}

/** The scope that a signature must have. */
export interface ExpectedScope {
  /** The services that are accepted, the right one first. */
  readonly services: readonly [string, ...string[]];
  readonly region: string;
}

/** Parses a scope; `undefined` if it has too few or too many parts. */
export function parseScope(credential: string): SigV4Scope | undefined {
  const [accessKeyId, date, region, service, terminator, ...rest] = credential.split("/");
  if (!accessKeyId || !date || !region || !service || !terminator || rest.length) return undefined;
  return { accessKeyId, date, region, service, terminator };
}

/** Refuses a signature with another scope, or with a scope of another day. */
export function checkScope(scope: SigV4Scope, amzDate: string, expected: ExpectedScope): void {
  const { services } = expected;
  // Observed: BerriAI/litellm pull request 31476. Assumed: the other three texts
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
