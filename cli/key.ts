import process from "node:process";
import { parseArgs } from "node:util";
import { BedrockError, mintKey, type ShortTermKey } from "../aws.ts";
import { MAX_KEY_SECONDS } from "../src/options.ts";
import { formatExpiry } from "./expiry.ts";
import { plain, plainJson } from "./plain.ts";
import { exportLine } from "./shell.ts";
import { withUsage } from "./usage.ts";

const VARIABLE = "AWS_BEARER_TOKEN_BEDROCK";
/** The note for users who expect a new key to be minted from the API key that is set. */
const UNCHANGED =
  `${VARIABLE} is unchanged. It is an API key; new keys can only be minted from AWS credentials.`;

const USAGE = `Usage: cli.ts key [options]

Mints a short-term Bedrock API key from your AWS credentials, and prints a shell command
that sets it. The key is a secret: it is written to standard output and nowhere else.

  eval "$(npx -y deno task key --region us-west-2)"                    in a clone
  eval "$(npx --offline --no @mantle/bedrock key --region us-west-2)"  installed with npm

Options; environment variables and AWS files are used as by bedrock():
  --region <region>
  --profile <name>
  --hours <number>    how long the key is valid: 12 at most, which is the default; the key
                      expires earlier if the credentials do
  --seconds <number>  the same, in seconds
  --plain             print only the key
  --json              print JSON: key, region, expiration
  -h, --help          show this help

Exit codes: 0 a key was printed; 1 none could be minted; 2 wrong usage.`;

type Format = "export" | "plain" | "json";

/** Runs `cli.ts key`, and resolves to the exit code. */
export function run(args: string[]): Promise<number> {
  return withUsage(USAGE, () => readArguments(args), async ({ options, format }) => {
    try {
      const minted = await mintKey(options);
      console.log(formatKey(minted, format));
      console.error(describeKey(minted, Date.now(), options.expiresInSeconds));
      return 0;
    } catch (error) {
      if (!(error instanceof BedrockError)) throw error;
      console.error(plain(`${error.message} (${error.code})`));
      if (process.env[VARIABLE]) console.error(UNCHANGED);
      return 1;
    }
  });
}

function readArguments(args: string[]) {
  const { values } = parseArgs({
    args,
    options: {
      region: { type: "string" },
      profile: { type: "string" },
      hours: { type: "string" },
      seconds: { type: "string" },
      plain: { type: "boolean" },
      json: { type: "boolean" },
      help: { type: "boolean", short: "h" },
    },
  });
  if (values.help) return undefined;
  const { region, profile, hours, seconds, plain, json } = values;
  if (plain && json) throw new TypeError("Pass either --plain or --json, not both");
  const format: Format = plain ? "plain" : json ? "json" : "export";
  return { options: { region, profile, expiresInSeconds: readLifetime(hours, seconds) }, format };
}

function readLifetime(hours: string | undefined, seconds: string | undefined): number | undefined {
  if (hours === undefined && seconds === undefined) return undefined;
  if (hours !== undefined && seconds !== undefined) {
    throw new TypeError("Pass either --hours or --seconds, not both");
  }
  const lifetime = hours === undefined ? Number(seconds) : Math.round(Number(hours) * 3600);
  if (Number.isInteger(lifetime) && lifetime >= 1 && lifetime <= MAX_KEY_SECONDS) return lifetime;
  throw new TypeError(`The lifetime of a key must be 1 to ${MAX_KEY_SECONDS} seconds (12 hours)`);
}

function formatKey(minted: ShortTermKey, format: Format): string {
  if (format === "json") return plainJson(minted);
  return format === "plain" ? minted.key : exportLine(VARIABLE, minted.key);
}

/** Describes where and how long a key is valid. */
export function describeKey(
  { region, expiration }: Omit<ShortTermKey, "key">,
  now: number,
  lifetime: number = MAX_KEY_SECONDS,
): string {
  const [instant, distance] = formatExpiry(expiration, now);
  // Minting takes a moment, and keys have whole seconds
  const isCapped = expiration.getTime() < now + lifetime * 1000 - 60_000;
  const reason = isCapped ? ", with the AWS credentials behind it" : "";
  return `This key is only valid in ${region}. It expires ${distance}, at ${instant}${reason}.`;
}
