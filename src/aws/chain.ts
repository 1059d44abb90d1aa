import { cacheUntilExpiry } from "../auth/credential_cache.ts";
import type { FoundIdentity, ResolveIdentity } from "../auth/credentials.ts";
import { BedrockError, type ServiceRefusal, type SkippedSource } from "../errors.ts";
import type { Environment } from "../platform/environment.ts";
import { RETRYING_PLATFORM, type RetryingPlatform } from "../platform/retrying_platform.ts";
import { CONTAINER } from "./container.ts";
import { ENVIRONMENT_KEYS } from "./environment_keys.ts";
import { readAwsFiles, selectProfile } from "./files.ts";
import { instanceMetadata } from "./instance_metadata.ts";
import { type CredentialProviderNode, importPackage } from "./package.ts";
import { assertVariablesPermitted, CHAIN_VARIABLES } from "./permitted_variables.ts";
import { profileSource } from "./profile_source.ts";
import { readProperty } from "../platform/read_options.ts";
import { type Reason, renderReason } from "./reasons.ts";
import { type CredentialSource, type LookupContext, SourceFailure } from "./source.ts";
import { WEB_IDENTITY } from "./web_identity.ts";

/**
 * Searches the sources of the AWS credential chain in AWS's order, or one profile alone.
 *
 * A profile that is asked for by name must itself yield the credentials: the role of a machine
 * never replaces it.
 */
export function credentialChain(
  profile: string | undefined,
  env: Environment,
  platform: RetryingPlatform = RETRYING_PLATFORM,
  load: () => Promise<CredentialProviderNode> = importPackage,
): ResolveIdentity {
  const all = [ENVIRONMENT_KEYS, profileSource(load), WEB_IDENTITY, CONTAINER, instanceMetadata()];
  const sources = profile === undefined ? all : all.filter(({ name }) => name === "profile");
  return cacheUntilExpiry(async ({ region } = {}) => {
    assertVariablesPermitted(CHAIN_VARIABLES);
    const files = readAwsFiles(env);
    const selected = selectProfile(profile, env, files);
    return await search(sources, { env, platform, files, profile: selected, region });
  }, platform);
}

/** Asks one source after the other, and lists those that gave nothing. */
async function search(
  sources: readonly CredentialSource[],
  context: LookupContext,
): Promise<FoundIdentity> {
  const skipped: SkippedSource[] = [];
  for (const source of sources) {
    const { name } = source;
    const reason = source.whyNot(context);
    if (reason !== undefined) {
      skipped.push(renderReason(name, { reason }, context.profile));
      continue;
    }
    try {
      const found = await source.lookUp(context);
      return Object.freeze({ ...found, foundIn: found.foundIn ?? name, skipped });
    } catch (error) {
      const { why, refusal, goesOn } = readFailure(error);
      skipped.push(renderReason(name, why, context.profile));
      if (!goesOn) throw nothingFound(skipped, refusal);
    }
  }
  throw nothingFound(skipped, undefined);
}

interface Failure {
  readonly why: Reason;
  readonly refusal: ServiceRefusal | undefined;
  readonly goesOn: boolean;
}

/** Reads why a source failed; rethrows what is not about the source. */
function readFailure(error: unknown): Failure {
  if (error instanceof SourceFailure) {
    return { why: error.why, refusal: undefined, goesOn: error.goesOn };
  }
  if (!(error instanceof BedrockError) || error.code !== "credentials_failed") throw error;
  return { why: { reason: error.message }, refusal: error.refusal, goesOn: false };
}

function nothingFound(
  tried: readonly SkippedSource[],
  refusal: ServiceRefusal | undefined,
): BedrockError {
  const flag = tried.map((each) => readProperty(each, "flag") as string | undefined)
    .find((each) => each !== undefined);
  return new BedrockError(
    flag === undefined ? "credentials_failed" : "permission_missing",
    "No AWS credentials were found.{tried} Fix one of these, or pass credentials as options",
    { tried, flag, refusal },
  );
}
