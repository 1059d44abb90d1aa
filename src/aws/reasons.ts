import type { SkippedSource } from "../errors.ts";
import type { Profile } from "./files.ts";
import type { SourceName } from "./source.ts";

/** The logger that AWS's packages write to. */
export interface Logger {
  debug(...words: unknown[]): void;
  info(...words: unknown[]): void;
  warn(...words: unknown[]): void;
  error(...words: unknown[]): void;
}

/** The log of AWS's chain, while it looks up a profile. */
export interface ChainLog {
  readonly logger: Logger;
  /** The last failure, in our own words. */
  lastReason(): Reason | undefined;
}

/** Thrown in the place of a source of AWS's chain that comes after the profile. */
export class LeftProfile extends Error {}

/** Why a source failed, in our own words. */
export interface Reason {
  readonly reason: string;
  /** The command that renews a login. */
  readonly command?: string | undefined;
  /** The flag that Deno needs. */
  readonly flag?: string | undefined;
}

/** The lines by which the chain turns from the profile to the machine. */
const LEAVES_PROFILE =
  /defaultProvider::fromTokenFile$|remoteProvider::from(?:Http|InstanceMetadata)/;

/** Why a role cannot be assumed. */
export const NEEDS_MFA_CODE = "its role needs a code of an MFA device";

/** Why a chain of roles has no beginning. */
export const SOURCE_PROFILE_CYCLE = "its source_profile leads back to itself";

/**
 * The messages of AWS's packages about failures, their meaning, and the command that helps. Only what matches
 * is reported, in these words: the rest can hold what a process or STS said, and secrets with it.
 */
const MEANINGS: readonly (readonly [words: RegExp, reason: string, command?: string])[] = [
  [
    /SSO session .{1,200}(?:expired|invalid|not found)|^Token is expired|in SSO Token/,
    "its SSO session has expired or does not exist",
    "aws sso login",
  ],
  // The second is how AWS's package stumbles over it
  [/^Sso session .* could not be found/, "its sso_session is not in the config file"],
  [/^TypeError .*\bsso_region\b/, "its sso_session is not in the config file"],
  [/^Sso session .* is missing|invalid SSO credentials/, "its SSO settings are incomplete"],
  [/^Failed to load (?:a )?token f(?:or|rom)/, "there is no login", "aws login"],
  [/Please re-authenticate using aws login/, "its login has expired", "aws login"],
  [/did not return Version 1/, "its credential_process did not return Version 1"],
  [/credential_process returned invalid JSON/, "its credential_process did not return JSON"],
  [/credential_process returned invalid/, "its credential_process left out a key"],
  [/credential_process returned expired/, "its credential_process returned expired keys"],
  [
    /^Command failed: [^\n]*\n(?:\/bin\/)?sh: (?:(?:line )?\d+: )?[^\n:]+: (?:command )?not found\b/,
    "the program of its credential_process was not found",
  ],
  [/^Command failed/, "its credential_process failed"],
  [/maxBuffer length exceeded/, "its credential_process printed more than a megabyte"],
  [/^Detected a cycle/, SOURCE_PROFILE_CYCLE],
  [/requires multi-factor authentication/, NEEDS_MFA_CODE],
  [/^Unsupported credential source/, "its credential_source is not one that AWS knows"],
  [/^URL not accepted/, "AWS_CONTAINER_CREDENTIALS_FULL_URI names a host that is not trusted"],
  [/^Authorization token contains invalid/, "its authorization token contains a line break"],
  [/not of the required format/, "its response holds no credentials"],
  [/^EC2 Instance Metadata Service access disabled/, "AWS_EC2_METADATA_DISABLED is set"],
  [
    /^(?:TimeoutError from|Unable to connect to) instance metadata/,
    "no metadata service responded",
  ],
  [/^Error response received from instance metadata/, "this machine has no role"],
  [/^Invalid response received from instance/, "its response holds no credentials"],
  [/metadata v1 fallback has been blocked/i, "no metadata service of version 2 responded"],
];

/** Errors of AWS's services and of networks, whose names hold nothing but themselves. */
const ERROR_NAMES = new RegExp(
  `\\b(?:${
    [
      ..."AccessDenied AccessDeniedException ExpiredToken ExpiredTokenException".split(" "),
      ..."InvalidClientTokenId InvalidIdentityToken IDPCommunicationError".split(" "),
      ..."InvalidIdentityTokenException SignatureDoesNotMatch RegionDisabledException".split(" "),
      ..."IncompleteSignature MissingAuthenticationToken ValidationError".split(" "),
      ..."UnauthorizedException ForbiddenException InvalidGrantException".split(" "),
      ..."ResourceNotFoundException TooManyRequestsException ThrottlingException".split(" "),
      ..."ENOENT EACCES ECONNREFUSED ECONNRESET ENOTFOUND ETIMEDOUT".split(" "),
      ..."EHOSTUNREACH ENETUNREACH EAI_AGAIN TimeoutError".split(" "),
    ].join("|")
  })\\b`,
);

/** The form of Deno's refusals; a service could use the same words, so what it names is limited. */
const DENIED =
  /^(?:CredentialsProviderError )?(?:NotCapable:? )?Requires (env|net|read|run|sys|write) access(?: to "([A-Z][A-Z\d_]*|[a-z]+[A-Z][a-z]+|[a-z\d.:-]+|[./~][\w./-]*)")?, run again with/;

/** Follows the chain by its log, and stops it where it leaves the profile. */
export function followChain(): ChainLog {
  let last: Reason | undefined;
  const hear = (...words: unknown[]) => {
    const line = words.join(" ");
    if (LEAVES_PROFILE.test(line)) throw new LeftProfile();
    last = findReason(line.replace(/^@smithy\/property-provider (?:->|\(!\)) /, "")) ?? last;
  };
  return {
    logger: { debug: hear, info: hear, warn: hear, error: hear },
    lastReason: () => last,
  };
}

/**
 * Finds what a text of AWS's packages means, if it is one of those that may be reported.
 *
 * @param isDeno Whether the text may be a refusal of Deno's; elsewhere only a service can have said it.
 */
export function findReason(
  text: string,
  isDeno = Object.hasOwn(globalThis, "Deno"),
): Reason | undefined {
  const [, kind, what] = isDeno && DENIED.exec(text) || [];
  if (kind) {
    const flag = `--allow-${kind}${what ? `=${what}` : ""}`;
    return { reason: `Deno denies it. Add ${flag}`, flag };
  }
  const [, reason, command] = MEANINGS.find(([words]) => words.test(text)) ?? [];
  if (reason !== undefined) return { reason, command };
  const [name] = ERROR_NAMES.exec(text) ?? [];
  return name === undefined ? undefined : { reason: `it failed with ${name}` };
}

/** Renders why a source was skipped. */
export function renderReason(
  source: SourceName,
  why: Reason,
  { label }: Profile,
): SkippedSource {
  const { reason, command, flag } = { command: undefined, flag: undefined, ...why };
  const isProfile = source === "profile";
  const advice = command === undefined ? "" : `. Run: ${command}`;
  return {
    source: isProfile ? `profile ${label}` : source,
    reason: reason + advice,
    ...(flag !== undefined && { flag }),
  };
}
