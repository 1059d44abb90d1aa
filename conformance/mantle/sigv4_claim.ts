import { parseScope } from "./sigv4_scope.ts";
import type { SigV4Scope } from "./sigv4_scope.ts";

/** The content of an `Authorization: AWS4-HMAC-SHA256` header. */
export interface SigV4Claim extends SigV4Scope {
  readonly signedHeaders: readonly string[];
  readonly signature: string;
}

const NAME = "[\\w!#$%&'*+.^`|~-]+";
const AUTHORIZATION = new RegExp(
  "^AWS4-HMAC-SHA256 +Credential=([^\\s,]+), *" +
    `SignedHeaders=(${NAME}(?:;${NAME})*), *Signature=([0-9a-f]{64})$`,
);

/** Parses the header; `undefined` if it has another form. */
export function parseAuthorization(header: string): SigV4Claim | undefined {
  const [, credential, names, signature] = AUTHORIZATION.exec(header) ?? [];
  if (!credential || !names || !signature) return undefined;
  const scope = parseScope(credential);
  if (!scope) return undefined;
  const signedHeaders = names.split(";");
  // SigV4 requires names in lower case, sorted, each once
  const canonical = [...new Set(signedHeaders.map((name) => name.toLowerCase()))].sort();
  if (canonical.join(";") !== names) return undefined;
  return { ...scope, signedHeaders, signature };
}
