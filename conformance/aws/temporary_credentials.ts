/** Credentials that an endpoint gives out. */
export interface TemporaryCredentials {
  /** The public half. */
  readonly accessKeyId: string;
  /** The secret half. */
  readonly secretAccessKey: string;
  /** What requests must carry besides. */
  readonly sessionToken: string;
}

/** What an endpoint with one set of credentials gives out. */
export interface IssuedOptions {
  /** The credentials to give out. */
  readonly credentials: TemporaryCredentials;
  /** How long they are valid, in seconds. @default {3600} */
  readonly lifeSeconds?: number;
}

/** Writes an instant as AWS does: to the second. */
export function instant(time: number): string {
  return new Date(time).toISOString().replace(/\.\d{3}/, "");
}

/** The document that containers and instances get. */
export function metadataDocument(
  { credentials, lifeSeconds = 3600 }: IssuedOptions,
  now: number,
): Record<string, string> {
  return {
    AccessKeyId: credentials.accessKeyId,
    SecretAccessKey: credentials.secretAccessKey,
    Token: credentials.sessionToken,
    Expiration: instant(now + lifeSeconds * 1000),
  };
}
