import type { Mutant } from "./mutants.ts";

/**
 * The broken guarantee, its file and test, a text that occurs once in the file, and its
 * replacement.
 */
type Row = readonly [name: string, file: string, test: string, find: string, replace: string];

/** One fault for each kind of guarantee in SECURITY.md. */
// deno-fmt-ignore
const rows: readonly Row[] = [
  // Credentials go to one origin
  ["a credential goes to any origin", "src/auth/authenticator.ts", "suite/cli_conformance",
    "const parsedUrl = guard(url);",
    "const parsedUrl = new URL(url);"],
  ["the provider checks the origin once only", "src/exchange/provider_request.ts", "promises/containment",
    "if (later !== url) trusted(later);",
    ""],
  ["a request goes where its object says later, not where it was checked", "src/exchange/call.ts", "properties/arguments",
    "const url = requestUrl ?? String(input);",
    "const url = requestUrl ?? input as string;"],
  ["an option may be inherited from Object.prototype", "src/platform/read_options.ts", "properties/pollution",
    "return next === null;",
    "return false;"],
  ["the provider leaves redirects to the caller", "src/exchange/provider_request.ts", "promises/containment",
    'request.redirect = "manual";',
    ""],
  ["a region may hold a dot", "src/endpoint/region.ts", "properties/urls",
    "(?:-[a-z0-9]+)+",
    "(?:-[a-z0-9./]+)+"],
  ["plain http is allowed everywhere", "src/endpoint/base_url.ts", "endpoint/endpoint",
    "allowInsecureHttp === true",
    "true"],
  ["a short-term key of another region is sent", "src/auth/api_key.ts", "endpoint/own_region",
    "keyRegion === undefined || keyRegion === region",
    "keyRegion !== region"],
  // What is sent is what was signed
  ["stale signing headers of the caller are sent", "src/auth/authenticator.ts", "promises/containment",
    '[...SIGNATURE_HEADERS, "host"]',
    '["authorization", "host"]'],
  ["edited headers pass as authenticated", "src/auth/handoff.ts", "fetch",
    "headers.get(name) !== value",
    "false"],
  ["a signature passes with another body", "src/auth/handoff.ts", "fetch",
    "note.body === attempt.body && ",
    ""],
  ["query values are not sorted", "src/sigv4/canonical_request.ts", "sigv4/sigv4",
    " || compare(value, otherValue)",
    ""],
  ["a stream is sent unsigned over plain http", "src/auth/signed_request.ts", "auth/body",
    "body && unsignedPayload && isPrivate",
    "body && unsignedPayload"],
  // Credentials do not show
  ["a token that cannot be sent is quoted", "src/auth/api_key.ts", "properties/callbacks",
    '"has white space at an end',
    'token + "has white space at an end'],
  ["what a process printed is in the message", "src/aws/reasons.ts", "aws/reasons",
    "return name === undefined ? undefined : { reason: `it failed with ${name}` };",
    "return { reason: text };"],
  ["control characters of a response are printed", "cli/plain.ts", "suite/live",
    "if (keep.includes(character)) return character;",
    "return character;"],
  ["a refusal is printed with the credential in it", "conformance/live/run_live.ts", "suite/live",
    "truncate(createMask(secrets)(line), MAX_LINE)",
    "truncate(line, MAX_LINE)"],
  ["a credential in Base64 is recorded", "conformance/secrets/readings.ts", "suite/live",
    "...fromBase64(each), ",
    ""],
  // Responses do not lead astray
  ["a refused credential is retried as it is", "src/auth/credential_cache.ts", "exchange/recovery",
    "return same(credential, refused) ? undefined : credential;",
    "return credential;"],
  ["a response over plain http sets the clock", "src/sigv4/clock.ts", "suite/cli_conformance",
    '!sent.url.startsWith("https:")',
    "false"],
  ["a client opens sockets without a key", "openai.ts", "openai/openai",
    "    refuseSockets(this);\n",
    ""],
  // Files do not hold the process up
  ["an AWS file of any size is read", "src/platform/regular_file.ts", "aws/endless_files",
    "stats.size > MAX_BYTES",
    "false"],
  // Examples, servers and the proxy
  ["the link to the page works twice", "examples/browser/server.ts", "suite/examples_guarded",
    "tokens.delete(",
    "tokens.has("],
  ["the proxy takes a part of its key", "proxy/admission.ts", "properties/proxy",
    "!sameSecret(sent, key)",
    "!key.startsWith(sent)"],
  ["the proxy forwards any path", "proxy/paths.ts", "suite/proxy",
    "if (!roots.some(",
    "if (false && !roots.some("],
  ["a server accepts any Host", "loopback/own_hosts.ts", "suite/proxy_hostile",
    "if (names.includes(sent)) return;",
    "if (sent) return;"],
  ["pipelined requests are forwarded at once", "loopback/connection.ts", "suite/connection",
    "      await before;\n",
    ""],
  ["a shell runs what is in an export line", "cli/shell.ts", "suite/cli_shell",
    "replaceAll(\"'\", \"'\\\\''\")",
    'replaceAll("\'", "")'],
];

/** Faults that the tests must catch. */
export const mutants: Mutant[] = rows.map(([name, file, test, find, replace]) => {
  return { name, file, find, replace, test: `tests/${test}.test.ts` };
});
