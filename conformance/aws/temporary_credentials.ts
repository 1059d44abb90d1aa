/** The credentials that an endpoint returns. */
export interface TemporaryCredentials {
  /** The access key id. */
  readonly accessKeyId: string;
  /** The secret access key. */
  readonly secretAccessKey: string;
  /** The session token. */
  readonly sessionToken: string;
}

/** The options of an endpoint with one set of credentials. */
export interface IssuedOptions {
  /** The credentials to return. */
  readonly credentials: TemporaryCredentials;
  /** Their validity, in seconds. @default {3600} */
  readonly lifeSeconds?: number;
}

/** Formats a time as AWS does, to the second. */
export function formatInstant(time: number): string {
  return new Date(time).toISOString().replace(/\.\d{3}/, "");
}

/** Builds the document that containers and instances get. */
export function metadataDocument(
  { credentials, lifeSeconds = 3600 }: IssuedOptions,
  now: number,
): Record<string, string> {
  return {
    AccessKeyId: credentials.accessKeyId,
    SecretAccessKey: credentials.secretAccessKey,
    Token: credentials.sessionToken,
    Expiration: formatInstant(now + lifeSeconds * 1000),
  };
}
