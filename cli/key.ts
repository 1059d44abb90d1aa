import process from "node:process";
import { parseArgs } from "node:util";
import { BedrockError, mintKey, type ShortTermKey } from "../aws.ts";
import { LONGEST_SECONDS } from "../src/keys/key_form.ts";
import { expiry } from "./expiry.ts";
import { plain, plainJson } from "./plain.ts";
import { exportLine } from "./shell.ts";
import { withUsage } from "./usage.ts";

const VARIABLE = "AWS_BEARER_TOKEN_BEDROCK";
/** `eval` of nothing succeeds, and an API key that is set may be taken for a credential. */
const UNCHANGED = `${VARIABLE} stays as it is. It is no AWS credential that a key could come from.`;

const USAGE = `Usage: cli.ts key [options]

Prints a short-term Bedrock API key, minted from your AWS credentials, as a line for a
shell. The key is a secret: it goes to the standard output and nowhere else.

  eval "$(npx -y deno task key --region us-west-2)"                    in a clone
  eval "$(npx --offline --no @mantle/bedrock key --region us-west-2)"  installed with npm

Options; variables and AWS files are read as by bedrock():
  --region <region>
  --profile <name>
  --hours <number>    how long the key is to be good, 12 at most and by default; it ends
                      with the credentials if they end earlier
  --seconds <number>  the same in seconds
  --plain             prints the key alone
  --json              prints JSON: key, region, expiration
  -h, --help          shows this

Exit codes: 0 a key was printed; 1 none could be minted; 2 wrong usage.`;

type Form = "export" | "plain" | "json";

/** `cli.ts key`: resolves to the exit code. */
export function run(args: string[]): Promise<number> {
  return withUsage(USAGE, () => readArguments(args), async ({ options, form }) => {
    try {
      const minted = await mintKey(options);
      console.log(written(minted, form));
      console.error(told(minted, Date.now(), options.expiresInSeconds));
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
  if (plain && json) throw new TypeError("--plain and --json are two forms. Keep one of them");
  const form: Form = plain ? "plain" : json ? "json" : "export";
  return { options: { region, profile, expiresInSeconds: life(hours, seconds) }, form };
}

function life(hours: string | undefined, seconds: string | undefined): number | undefined {
  if (hours === undefined && seconds === undefined) return undefined;
  if (hours !== undefined && seconds !== undefined) {
    throw new TypeError("--hours and --seconds both say how long. Keep one of them");
  }
  const asked = hours === undefined ? Number(seconds) : Math.round(Number(hours) * 3600);
  if (Number.isInteger(asked) && asked >= 1 && asked <= LONGEST_SECONDS) return asked;
  throw new TypeError(`A key is good for 1 to ${LONGEST_SECONDS} seconds, which is 12 hours`);
}

function written(minted: ShortTermKey, form: Form): string {
  if (form === "json") return plainJson(minted);
  return form === "plain" ? minted.key : exportLine(VARIABLE, minted.key);
}

/** What a person needs to know beside the key. */
export function told(
  { region, expiration }: Omit<ShortTermKey, "key">,
  now: number,
  asked: number = LONGEST_SECONDS,
): string {
  const [instant, distance] = expiry(expiration, now);
  // Minting takes a moment, and a key tells whole seconds only
  const capped = expiration.getTime() < now + asked * 1000 - 60_000;
  const reason = capped ? ", with the AWS credentials behind it" : "";
  return `This key is good for ${region} only. It ends ${distance}, at ${instant}${reason}.`;
}
