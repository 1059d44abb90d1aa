/** What an `Authorization: AWS4-HMAC-SHA256` header says about a signature. */
export interface SigV4Claim {
  readonly accessKeyId: string;
  readonly date: string;
  readonly region: string;
  readonly service: string;
  readonly terminator: string;
  readonly signedHeaders: readonly string[];
  readonly signature: string;
}

const NAME = "[\\w!#$%&'*+.^`|~-]+";
const AUTHORIZATION = new RegExp(
  "^AWS4-HMAC-SHA256 +Credential=([^\\s,]+), *" +
    `SignedHeaders=(${NAME}(?:;${NAME})*), *Signature=([0-9a-f]{64})$`,
);

/** Reads the header; `undefined` where it is not of that form. */
export function parseAuthorization(header: string): SigV4Claim | undefined {
  const [, credential, names, signature] = AUTHORIZATION.exec(header) ?? [];
  if (!credential || !names || !signature) return undefined;
  const [accessKeyId, date, region, service, terminator, ...rest] = credential.split("/");
  if (!accessKeyId || !date || !region || !service || !terminator || rest.length) return undefined;
  const signedHeaders = names.split(";");
  // SigV4 wants the names in lower case, sorted, each once.
  const canonical = [...new Set(signedHeaders.map((name) => name.toLowerCase()))].sort();
  if (canonical.join(";") !== names) return undefined;
  return { accessKeyId, date, region, service, terminator, signedHeaders, signature };
}

/** Writes a time as `x-amz-date` does: `20260612T041911Z`. */
export function formatAmzDate(time: number): string {
  return new Date(time).toISOString().replace(/[-:]|\.\d{3}/g, "");
}

/** Reads an `x-amz-date`; `undefined` where it names no second of any day. */
export function parseAmzDate(text: string): number | undefined {
  const [, y, mo, d, h, mi, s] =
    /^(\d{4})(\d\d)(\d\d)T(\d\d)(\d\d)(\d\d)Z$/.exec(text)?.map(Number) ?? [];
  if (y === undefined) return undefined;
  const time = Date.UTC(y, mo! - 1, d, h, mi, s);
  return formatAmzDate(time) === text ? time : undefined;
}
