import type { Mutant } from "./mutants.ts";

/** Which guarantee breaks, the file, a text that occurs there once, its replacement, and a test file. */
type Row = readonly [guarantee: string, file: string, find: string, replace: string, test: string];

/** One fault for each kind of guarantee in SECURITY.md; the tests must notice it. */
const rows: readonly Row[] = [
  // Credentials go to one origin
  [
    "a credential goes to any origin",
    "src/auth/authenticator.ts",
    "const parsedUrl = guard(url);",
    "const parsedUrl = new URL(url);",
    "suite/cli_conformance",
  ],
  [
    "the provider checks the origin once only",
    "src/exchange/provider_request.ts",
    "if (later !== url) trusted(later);",
    "",
    "promises/containment",
  ],
  [
    "a request goes where its object says later, not where it was checked",
    "src/exchange/call.ts",
    "const url = requestUrl ?? String(input);",
    "const url = requestUrl ?? input as string;",
    "properties/arguments",
  ],
  [
    "an option may be inherited from Object.prototype",
    "src/platform/read_options.ts",
    "return next === null;",
    "return false;",
    "properties/pollution",
  ],
  [
    "the provider leaves redirects to the caller",
    "src/exchange/provider_request.ts",
    'request.redirect = "manual";',
    "",
    "promises/containment",
  ],
  [
    "a region may hold a dot",
    "src/endpoint/region.ts",
    "(?:-[a-z0-9]+)+",
    "(?:-[a-z0-9./]+)+",
    "properties/urls",
  ],
  [
    "plain http is allowed everywhere",
    "src/endpoint/base_url.ts",
    "allowInsecureHttp === true",
    "true",
    "endpoint/endpoint",
  ],
  [
    "a short-term key of another region is sent",
    "src/auth/api_key.ts",
    "keyRegion === undefined || keyRegion === region",
    "keyRegion !== region",
    "endpoint/own_region",
  ],
  // What is sent is what was signed
  [
    "stale signing headers of the caller are sent",
    "src/auth/authenticator.ts",
    '[...SIGNATURE_HEADERS, "host"]',
    '["authorization", "host"]',
    "suite/cli_conformance",
  ],
  [
    "edited headers pass as authenticated",
    "src/auth/handoff.ts",
    "headers.get(name) !== value",
    "false",
    "fetch",
  ],
  [
    "a signature passes with another body",
    "src/auth/handoff.ts",
    "note.body === attempt.body && ",
    "",
    "fetch",
  ],
  [
    "query values are not sorted",
    "src/sigv4/canonical_request.ts",
    " || compare(value, otherValue)",
    "",
    "sigv4/sigv4",
  ],
  [
    "a stream is sent unsigned over plain http",
    "src/auth/signable_body.ts",
    "body && unsignedPayload && isPrivate",
    "body && unsignedPayload",
    "auth/body",
  ],
  // Credentials do not show
  [
    "a token that cannot be sent is quoted",
    "src/auth/api_key.ts",
    '"has white space at an end',
    'token + "has white space at an end',
    "properties/callbacks",
  ],
  [
    "what a process printed is in the message",
    "src/aws/reasons.ts",
    "return name === undefined ? undefined : { reason: `it failed with ${name}` };",
    "return { reason: text };",
    "aws/reasons",
  ],
  [
    "control characters of a response are printed",
    "cli/plain.ts",
    "if (keep.includes(character)) return character;",
    "return character;",
    "suite/live",
  ],
  [
    "a refusal is printed with the credential in it",
    "conformance/live/run_live.ts",
    "truncate(createMask(secrets)(line), MAX_LINE)",
    "truncate(line, MAX_LINE)",
    "suite/live",
  ],
  [
    "a credential in Base64 is recorded",
    "conformance/secrets/readings.ts",
    "...fromBase64(each), ",
    "",
    "suite/live",
  ],
  // Responses do not lead astray
  [
    "a refused credential is retried as it is",
    "src/auth/renewal.ts",
    "return same(credential, refused) ? undefined : credential;",
    "return credential;",
    "suite/cli_conformance",
  ],
  [
    "a response over plain http sets the clock",
    "src/sigv4/clock.ts",
    '!sent.url.startsWith("https:")',
    "false",
    "suite/cli_conformance",
  ],
  [
    "a client opens sockets without a key",
    "openai.ts",
    "    refuseSockets(this);\n",
    "",
    "openai/openai",
  ],
  // Files do not hold the process up
  [
    "an AWS file of any size is read",
    "src/platform/regular_file.ts",
    "stats.size > MAX_BYTES",
    "false",
    "aws/endless_files",
  ],
  // Examples, servers and the proxy
  [
    "the link to the page works twice",
    "examples/browser/server.ts",
    "tokens.delete(",
    "tokens.has(",
    "suite/examples_guarded",
  ],
  [
    "the proxy takes a part of its key",
    "proxy/admission.ts",
    "!sameSecret(sent, key)",
    "!key.startsWith(sent)",
    "properties/proxy",
  ],
  [
    "the proxy forwards any path",
    "proxy/paths.ts",
    "if (!roots.some(",
    "if (false && !roots.some(",
    "suite/proxy",
  ],
  [
    "a server answers to any Host",
    "loopback/own_hosts.ts",
    "if (names.includes(sent)) return;",
    "if (sent) return;",
    "suite/proxy_hostile",
  ],
  [
    "pipelined requests are forwarded at once",
    "loopback/connection.ts",
    "      await before;\n",
    "",
    "suite/connection",
  ],
  [
    "a shell runs what is in an export line",
    "cli/shell.ts",
    "replaceAll(\"'\", \"'\\\\''\")",
    'replaceAll("\'", "")',
    "suite/cli_shell",
  ],
];

/** Faults that the tests must notice. */
export const mutants: Mutant[] = rows.map(([name, file, find, replace, test]) => {
  return { name, file, find, replace, tests: [`tests/${test}.test.ts`] };
});
