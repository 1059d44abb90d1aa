import type { ResolveIdentity } from "../auth/credentials.ts";
import type { AwsCredentialIdentity, CallbackProperties } from "../options.ts";
import { lazy } from "../platform/lazy.ts";

/**
 * Resolves AWS credentials, as `bedrock({ credentialProvider })` and AWS's own clients take them.
 *
 * It reuses them until shortly before they expire. With `{ forceRefresh: true }` it gets new ones.
 */
export type CredentialProvider = (
  properties?: CallbackProperties,
) => Promise<AwsCredentialIdentity>;

/**
 * Makes a credential provider, whose work is loaded when it is first called.
 *
 * Each call resolves to an object of its own: AWS's clients note on it where it comes from.
 */
export function provideSession(load: () => Promise<ResolveIdentity>): CredentialProvider {
  const session = lazy(async () => ({ resolve: await load() }));
  return async (properties) => {
    const { resolve } = await session();
    const { accessKeyId, secretAccessKey, sessionToken, expiration } = await resolve(properties);
    return { accessKeyId, secretAccessKey, sessionToken, expiration };
  };
}
