import { parseArgs } from "node:util";
import { bedrock, BedrockError, type BedrockProviderOptions, type Explanation } from "../aws.ts";
import { expiry } from "./expiry.ts";
import { plain, plainJson } from "./plain.ts";
import { withUsage } from "./usage.ts";

const USAGE = `Usage: cli.ts doctor [options]

Shows where requests would go and how they would be authenticated, and looks the
credential up. No model is asked, and no secret is shown.

Options, as those of bedrock(); variables and AWS files are read like there:
  --endpoint <family>   mantle or runtime
  --region <region>
  --base-url <url>
  --profile <name>
  --json                prints JSON
  -h, --help            shows this

Exit codes: 0 a request could be authenticated; 1 it could not; 2 wrong usage.`;

/** What is printed: all that was decided, or what kept it from being decided. */
type Findings = Explanation | Pick<Explanation, "ok" | "problem">;

/** `cli.ts doctor`: resolves to the exit code. */
export function run(args: string[]): Promise<number> {
  return withUsage(USAGE, () => readArguments(args), async ({ options, json }) => {
    const findings = await examine(options);
    console.log(json ? plainJson(findings) : table(findings, Date.now()));
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
    return { ok: false, problem: { code: error.code, message: error.message } };
  }
}

/** The findings for a person: what, the value, and where it came from. */
export function table(findings: Findings, now: number): string {
  const told = "endpoint" in findings ? decided(findings, now) : [];
  const rows = told.map((row) => row.map((cell) => plain(cell)));
  const { ok, problem } = findings;
  const widths = [0, 1].map((column) => Math.max(0, ...rows.map((row) => row[column]!.length)));
  const lines = rows.map((row) =>
    row.map((cell, column) => cell.padEnd(widths[column] ?? 0)).join("  ").trimEnd()
  );
  // The rows tell already what was tried
  const message = rows.length ? problem?.message.split(" Tried ")[0] : problem?.message;
  const verdict = plain(ok ? positive(findings, now) : `${message} (${problem?.code})`);
  return [...lines, ...(rows.length ? [""] : []), verdict].join("\n");
}

/** What may be the fault of the clock, or of a variable set for something else, is no problem. */
function positive(findings: Findings, now: number): string {
  const verdict = "A request can be authenticated";
  if (!("auth" in findings)) return `${verdict}.`;
  const { auth, region } = findings;
  if (auth.expiration && auth.expiration.getTime() < now) {
    return `${verdict}, but by this machine's clock the credential has ended.`;
  }
  if (auth.region && region && auth.region !== region.value) {
    return `${verdict}, but the key is good for ${auth.region} only, and ${region.source} says ` +
      `${region.value}.`;
  }
  return `${verdict}.`;
}

function authentication({ mode, service, region }: Explanation["auth"]): string {
  if (service) return `${mode}, service ${service}`;
  return region ? `${mode}, short-term key for ${region}` : mode;
}

type Row = readonly [what: string, value: string, source: string];

function decided(findings: Explanation, now: number): Row[] {
  const { endpoint, region, baseURL, auth, passedOver } = findings;
  return [
    ["endpoint", endpoint.value, endpoint.source],
    ["region", region?.value ?? "none", region?.source ?? "a token on a custom host needs none"],
    ["base URL", baseURL.value, baseURL.source],
    ["auth", authentication(auth), auth.source],
    ...(auth.expiration ? [["expires", ...expiry(auth.expiration, now)] as const] : []),
    ...passedOver.map(({ source, reason }) => ["passed over", source, reason] as const),
  ];
}
