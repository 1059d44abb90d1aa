import type { SkippedSource } from "../errors.ts";
import type { SourceName } from "./sources.ts";

/** What AWS's packages write their progress to. */
export interface Logger {
  debug(...words: unknown[]): void;
  info(...words: unknown[]): void;
  warn(...words: unknown[]): void;
  error(...words: unknown[]): void;
}

/** Follows AWS's chain by its log. */
export interface ChainLog {
  readonly logger: Logger;
  /** The sources that were tried and gave nothing, with reasons in our own words. */
  failures(): readonly SourceFailure[];
  /** The source that was tried last. */
  lastTried(): SourceName | undefined;
}

/** Why a source failed, in our own words. */
export interface Reason {
  readonly reason: string;
  /** The command that renews a login. */
  readonly command?: string | undefined;
  /** The flag that Deno needs. */
  readonly flag?: string | undefined;
}

/** A source that failed, and why. */
export interface SourceFailure extends Reason {
  readonly source: SourceName;
}

/** The lines by which the chain turns to a source. */
const TURNS: readonly (readonly [RegExp, SourceName])[] = [
  [/defaultProvider::fromEnv$/, "environment"],
  [/defaultProvider::(?:fromIni|fromProcess)$/, "profile"],
  [/defaultProvider::fromTokenFile$/, "web identity"],
  [/remoteProvider::fromHttp/, "container"],
  [/remoteProvider::fromInstanceMetadata$/, "instance metadata"],
];

/** Why a role cannot be assumed. */
export const NEEDS_MFA_CODE = "its role needs a code of an MFA device";

/** Why a chain of roles has no beginning. */
export const SOURCE_PROFILE_CYCLE = "its source_profile leads back to itself";

/**
 * What AWS's packages say about a failure, what it means, and the command that helps. Only what matches
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
  [/^Command failed/, "its credential_process failed"],
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

/** How Deno words a refusal; a service could use the same words, so what it names is limited. */
const DENIED =
  /^(?:NotCapable )?Requires (env|net|read|run|sys|write) access(?: to "([A-Z][A-Z\d_]*|[a-z\d.:-]+|[./~][\w./-]*)")?, run again with/;

/** Starts to follow a chain. */
export function followChain(): ChainLog {
  const failures = new Map<SourceName, Reason>();
  let tried: SourceName | undefined;
  const hear = (...words: unknown[]) => {
    const line = words.join(" ");
    tried = TURNS.find(([pattern]) => pattern.test(line))?.[1] ?? tried;
    const reason = findReason(line.replace(/^@smithy\/property-provider (?:->|\(!\)) /, ""));
    if (tried && reason) failures.set(tried, reason);
  };
  return {
    logger: { debug: hear, info: hear, warn: hear, error: hear },
    failures: () => [...failures].map(([source, reason]) => ({ source, ...reason })),
    lastTried: () => tried,
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

/** Renders the reason of a source for a reader who knows the profile's name. */
export function renderFailure(
  failure: SourceFailure,
  profile: string,
): SkippedSource {
  const { source, reason, command, flag } = { command: undefined, flag: undefined, ...failure };
  const isProfile = source === "profile";
  const advice = command === undefined ? "" : `. Run: ${command} --profile ${profile}`;
  return {
    source: isProfile ? `profile ${profile}` : source,
    reason: reason + advice,
    ...(flag !== undefined && { flag }),
  };
}
