import { parseArgs } from "node:util";
import { bedrock, BedrockError, type BedrockProviderOptions, type Explanation } from "../aws.ts";
import { formatExpiry } from "./expiry.ts";
import { plain, plainJson } from "./plain.ts";
import { withUsage } from "./usage.ts";

const USAGE = `Usage: cli.ts doctor [options]

Shows where requests would go and how they would be authenticated, and looks up the
credential. It sends no request to a model and shows no secret.

Options; environment variables and AWS files are used as by bedrock():
  --endpoint <family>   mantle or runtime
  --region <region>
  --base-url <url>
  --profile <name>
  --json                print JSON
  -h, --help            show this help

Exit codes: 0 a request can be authenticated; 1 it cannot; 2 wrong usage.`;

/** The decisions of `bedrock()`, or the problem that it refused the options for. */
type Findings = Explanation | Pick<Explanation, "ok" | "problem">;

/** Runs `cli.ts doctor`, and resolves to the exit code. */
export function run(args: string[]): Promise<number> {
  return withUsage(USAGE, () => readArguments(args), async ({ options, json }) => {
    const findings = await examine(options);
    console.log(json ? plainJson(findings) : formatFindings(findings, Date.now()));
    return findings.ok ? 0 : 1;
  });
}

function readArguments(args: string[]) {
  const { values } = parseArgs({
    args,
    options: {
      endpoint: { type: "string" },
      region: { type: "string" },
      "base-url": { type: "string" },
      profile: { type: "string" },
      json: { type: "boolean", default: false },
      help: { type: "boolean", short: "h" },
    },
  });
  if (values.help) return undefined;
  const { endpoint, region, "base-url": baseURL, profile, json } = values;
  const options = { endpoint, region, baseURL, profile } as BedrockProviderOptions;
  return { options, json };
}

async function examine(options: BedrockProviderOptions): Promise<Findings> {
  try {
    return await bedrock(options).explain();
  } catch (error) {
    if (!(error instanceof BedrockError)) throw error;
    const { code, message } = error;
    return { ok: false, problem: { code, message, summary: message } };
  }
}

/** Formats the findings as a table of settings, their values and their sources, and a verdict. */
export function formatFindings(findings: Findings, now: number): string {
  const found = "endpoint" in findings ? listRows(findings, now) : [];
  const rows = found.map((row) => row.map((cell) => plain(cell)));
  const { ok, problem } = findings;
  const widths = [0, 1].map((column) => Math.max(0, ...rows.map((row) => row[column]!.length)));
  const lines = rows.map((row) =>
    row.map((cell, column) => cell.padEnd(widths[column] ?? 0)).join("  ").trimEnd()
  );
  // The rows show the sources that were tried
  const message = rows.length ? problem?.summary : problem?.message;
  const verdict = plain(ok ? describeSuccess(findings, now) : `${message} (${problem?.code})`);
  return [...lines, ...(rows.length ? [""] : []), verdict].join("\n");
}

/** Describes a success, with a warning if the credential seems expired or is for another region. */
function describeSuccess(findings: Findings, now: number): string {
  const verdict = "A request can be authenticated";
  if (!("auth" in findings)) return `${verdict}.`;
  const { auth, region } = findings;
  if (auth.expiration && auth.expiration.getTime() < now) {
    return `${verdict}, but the credential has expired according to this machine's clock.`;
  }
  if (auth.region && region && auth.region !== region.value) {
    return `${verdict}, but the key is only valid in ${auth.region}, and ${region.source} is ` +
      `${region.value}.`;
  }
  return `${verdict}.`;
}

function describeAuth({ mode, service, region }: Explanation["auth"]): string {
  if (service) return `${mode}, service ${service}`;
  return region ? `${mode}, short-term key for ${region}` : mode;
}

type Row = readonly [setting: string, value: string, source: string];

function listRows(findings: Explanation, now: number): Row[] {
  const { endpoint, region, baseURL, auth, skipped } = findings;
  return [
    ["endpoint", endpoint.value, endpoint.source],
    [
      "region",
      region?.value ?? "none",
      region?.source ?? "not needed for a token on a custom host",
    ],
    ["base URL", baseURL.value, baseURL.source],
    ["auth", describeAuth(auth), auth.source],
    ...(auth.expiration ? [["expires", ...formatExpiry(auth.expiration, now)] as const] : []),
    ...skipped.map(({ source, reason }) => ["skipped", source, reason] as const),
  ];
}
