import { parseArgs } from "node:util";
import { bedrock, type BedrockProviderOptions, type Explanation } from "../aws.ts";
import { readPort, serveUntilStopped } from "../loopback/until_stopped.ts";
import { randomKey } from "../proxy/admission.ts";
import { proxy } from "../proxy/handler.ts";
import { apiRoots } from "../proxy/paths.ts";
import { sendOnce } from "../proxy/send_once.ts";
import { plain } from "./plain.ts";
import { exportLine } from "./shell.ts";
import { withUsage } from "./usage.ts";

const USAGE = `Usage: cli.ts proxy [options]

Serves the OpenAI API on 127.0.0.1, and forwards requests to Amazon Bedrock with
authentication, for tools that only take a base URL and a key. Prints both; the key is
new at each start. Runs until SIGINT or SIGTERM.

Options; environment variables and AWS files are used as by bedrock():
  --port <number>       default: a free port
  --endpoint <family>   mantle or runtime
  --region <region>
  --base-url <url>
  --profile <name>
  -h, --help            show this help

Exit codes: 0 stopped by a signal; 1 failed, for example without credentials; 2 wrong usage.`;

/** The largest body, in bytes, to buffer for signing. */
const BUFFER_LIMIT = 64 * 1024 * 1024;

/** Runs `cli.ts proxy`, and resolves to the exit code once the server has stopped. */
export function run(args: string[]): Promise<number> {
  return withUsage(USAGE, () => readSettings(args), async ({ port, options }) => {
    await serveProxy(port, bedrock({ ...options, fetch: sendOnce() }));
    return 0;
  });
}

function readSettings(args: string[]) {
  const { values } = parseArgs({
    args,
    options: {
      port: { type: "string", default: "0" },
      endpoint: { type: "string" },
      region: { type: "string" },
      "base-url": { type: "string" },
      profile: { type: "string" },
      help: { type: "boolean", short: "h" },
    },
  });
  if (values.help) return undefined;
  const { endpoint, region, "base-url": baseURL, profile } = values;
  const options = { endpoint, region, baseURL, profile } as BedrockProviderOptions;
  return { port: readPort(values.port), options };
}

async function serveProxy(
  port: number,
  { url, fetch, explain }: ReturnType<typeof bedrock>,
): Promise<void> {
  const explanation = await explain();
  if (explanation.problem) throw new Error(explanation.problem.message);
  const key = randomKey();
  const roots = apiRoots(url, explanation.endpoint.value);
  const bufferLimit = explanation.auth.mode === "sigv4" ? BUFFER_LIMIT : undefined;
  const handler = proxy({ url, fetch, key, roots, bufferLimit });
  await serveUntilStopped(
    handler,
    { port },
    (origin) => describeProxy(origin, key, roots, explanation),
  );
}

/** Formats the addresses, the key and the lines to paste for a proxy that is listening. */
function describeProxy(
  origin: string,
  key: string,
  [root = "", other]: readonly string[],
  { baseURL, auth }: Explanation,
): string {
  return `Bedrock proxy listening on ${origin}
  forwards to     ${baseURL.value}
  authentication  ${auth.mode}, from ${plain(auth.source)}
  base URL        ${origin}${root}${
    other === undefined ? "" : `\n  other base URL  ${origin}${other}`
  }
  API key         ${key}

With any OpenAI client:
  ${exportLine("OPENAI_BASE_URL", `${origin}${root}`)}
  ${exportLine("OPENAI_API_KEY", key)}

Stop it with Ctrl+C.`;
}
