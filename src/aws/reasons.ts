import type { PassedOver } from "../errors.ts";
import type { SourceName } from "./sources.ts";

/** What AWS's packages write their progress to. */
export interface Logger {
  debug(...words: unknown[]): void;
  info(...words: unknown[]): void;
  warn(...words: unknown[]): void;
  error(...words: unknown[]): void;
}

/** Follows AWS's chain by its log, and says in words of our own why sources gave nothing. */
export interface Reasons {
  readonly logger: Logger;
  /** The sources that were asked and gave nothing. */
  failures(): readonly PassedOver[];
  /** The source that was asked last. */
  asked(): SourceName | undefined;
}

/** The lines by which the chain turns to a source. */
const TURNS: readonly (readonly [RegExp, SourceName])[] = [
  [/defaultProvider::fromEnv$/, "environment"],
  [/defaultProvider::(?:fromIni|fromProcess)$/, "profile"],
  [/defaultProvider::fromTokenFile$/, "web identity"],
  [/remoteProvider::fromHttp/, "container"],
  [/remoteProvider::fromInstanceMetadata$/, "instance metadata"],
];

/** Why a role is not assumed. */
export const NEEDS_MFA_CODE = "its role needs a code of an MFA device";

/** Why roles that are assumed one with the other give nothing. */
export const LEADS_BACK = "its source_profile leads back to itself";

/**
 * What AWS's packages say of a failure, and what it means. Only what matches is told, in these
 * words: the rest can hold what a process or STS has said, and secrets with it.
 */
const MEANINGS: readonly (readonly [RegExp, string])[] = [
  [
    /SSO session .{1,200}(?:expired|invalid|not found)|^Token is expired|in SSO Token/,
    "its SSO session has ended, or there is none. Run: aws sso login",
  ],
  // The second is how AWS's package stumbles over it
  [/^Sso session .* could not be found/, "its sso_session is not in the config file"],
  [/^TypeError .*\bsso_region\b/, "its sso_session is not in the config file"],
  [/^Sso session .* is missing|invalid SSO credentials/, "its SSO settings are incomplete"],
  [/^Failed to load (?:a )?token f(?:or|rom)/, "there is no login. Run: aws login"],
  [/Please re-authenticate using aws login/, "its login has ended. Run: aws login"],
  [/did not return Version 1/, "its credential_process did not answer with Version 1"],
  [/credential_process returned invalid JSON/, "its credential_process did not answer with JSON"],
  [/credential_process returned invalid/, "its credential_process left out a key"],
  [/credential_process returned expired/, "its credential_process answered with expired keys"],
  [/^Command failed/, "its credential_process failed"],
  [/^Detected a cycle/, LEADS_BACK],
  [/requires multi-factor authentication/, NEEDS_MFA_CODE],
  [/^Unsupported credential source/, "its credential_source is not one that AWS knows"],
  [/^URL not accepted/, "AWS_CONTAINER_CREDENTIALS_FULL_URI leads to a host that is not trusted"],
  [/^Authorization token contains invalid/, "its authorization token holds a line break"],
  [/not of the required format/, "its answer holds no credentials"],
  [/^EC2 Instance Metadata Service access disabled/, "AWS_EC2_METADATA_DISABLED is set"],
  [/^(?:TimeoutError from|Unable to connect to) instance metadata/, "no metadata service answered"],
  [/^Error response received from instance metadata/, "this machine has no role"],
  [/^Invalid response received from instance/, "its answer holds no credentials"],
  [/metadata v1 fallback has been blocked/i, "no metadata service of version 2 answered"],
];

/** Errors of AWS's services and of networks, whose names hold nothing but themselves. */
const NAMES = new RegExp(
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

/** How Deno words a refusal. */
const WITHHELD = /^(?:NotCapable )?Requires (\w+) access(?: to "([^"]*)")?, run again with/;

/** Starts to listen. */
export function listen(): Reasons {
  const failures = new Map<SourceName, string>();
  let asked: SourceName | undefined;
  const hear = (...words: unknown[]) => {
    const line = words.join(" ");
    asked = TURNS.find(([pattern]) => pattern.test(line))?.[1] ?? asked;
    const reason = meaning(line.replace(/^@smithy\/property-provider (?:->|\(!\)) /, ""));
    if (asked && reason) failures.set(asked, reason);
  };
  return {
    logger: { debug: hear, info: hear, warn: hear, error: hear },
    failures: () => [...failures].map(([source, reason]) => ({ source, reason })),
    asked: () => asked,
  };
}

/** What a text of AWS's packages means, if it is one of those that may be told. */
export function meaning(text: string): string | undefined {
  const [, kind, what] = WITHHELD.exec(text) ?? [];
  if (kind) return `Deno withholds it. Add --allow-${kind}${what ? `=${what}` : ""}`;
  const known = MEANINGS.find(([pattern]) => pattern.test(text))?.[1];
  const [name] = NAMES.exec(text) ?? [];
  return known ?? (name ? `it failed with ${name}` : undefined);
}
