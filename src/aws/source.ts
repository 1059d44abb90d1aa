import type { FoundIdentity } from "../auth/credentials.ts";
import type { Environment } from "../platform/environment.ts";
import type { RetryingPlatform } from "../platform/retrying_platform.ts";
import type { AwsFiles, Profile } from "./files.ts";
import type { Reason } from "./reasons.ts";

/** The name of a source, in explanations. */
export type SourceName =
  | "environment"
  | "profile"
  | "web identity"
  | "container"
  | "instance metadata";

/** The things that a source may look at. */
export interface LookupContext {
  readonly env: Environment;
  readonly platform: RetryingPlatform;
  readonly files: AwsFiles;
  readonly profile: Profile;
  /** The region that requests will be signed for. */
  readonly region: string | undefined;
}

/** A place where credentials can be found. */
export interface CredentialSource {
  readonly name: SourceName;
  /** Says why it is skipped; `undefined` if it is to be asked. */
  whyNot(context: LookupContext): string | undefined;
  /**
   * Looks the credentials up.
   *
   * @throws {SourceFailure} if it gives none
   */
  lookUp(context: LookupContext): Promise<FoundIdentity>;
}

/** Why a source that was asked gave no credentials, in our own words. */
export class SourceFailure extends Error {
  readonly why: Reason;
  /** True if AWS's chain goes on to the next source. */
  readonly goesOn: boolean;

  constructor(why: Reason, goesOn = false) {
    super(why.reason);
    this.name = "SourceFailure";
    this.why = why;
    this.goesOn = goesOn;
  }
}
