import { parseArgs } from "node:util";

import { withUsage } from "../../cli/usage.ts";
import { readHostName } from "../../loopback/own_hosts.ts";
import { readPort, serveUntilStopped } from "../../loopback/until_stopped.ts";
import { hints } from "./hints.ts";
import { misbehave } from "./misbehaviour.ts";
import { parseMisbehaviours } from "./misbehaviour_words.ts";
import type { Misbehaviour } from "./misbehaviour_words.ts";
import { mantle } from "./mod.ts";
import type { Endpoint } from "./models.ts";

const USAGE = `Usage: cli.ts mantle [options]

Serves a local Amazon Bedrock Mantle on 127.0.0.1 until SIGINT or SIGTERM.

Options:
  --port <number>        the port; 0, the default, takes a free one
  --allow-host <name>    a name to answer to besides 127.0.0.1 and localhost, with a port or
                         with any; may be repeated
  --region <name>        the Region that signatures and short-term keys must be scoped to;
                         us-west-2
  --endpoint <family>    mantle, the default, or runtime
  --latency <ms>         the same as --misbehave "latency; ms=<ms>"
  --misbehave <words>    what to do wrong; may be repeated, and written with commas between
  -h, --help             shows this

Misbehaviours, each with "; times=<n>" for the first n requests only:
  latency; ms=500               answers later
  429; retry-after=1            throttles; without retry-after there is no such header
  500                           fails
  expired-token                 refuses the credential as expired
  redirect; to=<origin>         redirects to another origin, https://elsewhere.example by default
  skew; seconds=600             shifts the server's clock ahead, or back where negative
  reset; after=2                cuts event streams after so many events
  stall; after=2                falls silent after so many events
  no-done                       leaves [DONE] out

A request can ask for the same by its header x-mantle-misbehave.

Exit codes: 0 stopped by a signal; 1 failed; 2 wrong usage.`;

interface Settings {
  readonly port: number;
  readonly allowHosts: readonly string[];
  readonly region: string;
  readonly endpoint: Endpoint;
  readonly misbehaviours: readonly Misbehaviour[];
}

/** `cli.ts mantle`: resolves to the exit code once the server has stopped. */
export function run(args: string[]): Promise<number> {
  return withUsage(USAGE, () => readSettings(args), async (settings) => {
    await serveMantle(settings);
    return 0;
  });
}

/** @throws {TypeError} If the arguments make no sense. */
function readSettings(args: string[]): Settings | undefined {
  const { values } = parseArgs({
    args,
    options: {
      port: { type: "string", default: "0" },
      "allow-host": { type: "string", multiple: true, default: [] },
      region: { type: "string", default: "us-west-2" },
      endpoint: { type: "string", default: "mantle" },
      latency: { type: "string" },
      misbehave: { type: "string", multiple: true, default: [] },
      help: { type: "boolean", short: "h" },
    },
  });
  if (values.help) return undefined;
  const { port, region, endpoint, latency, misbehave: words } = values;
  const allowHosts = values["allow-host"].map(readHostName);
  if (!/^[a-z0-9-]+$/.test(region)) throw new TypeError("--region must be a name like us-west-2");
  if (endpoint !== "mantle" && endpoint !== "runtime") {
    throw new TypeError("--endpoint must be mantle or runtime");
  }
  if (latency !== undefined) words.unshift(`latency; ms=${latency}`);
  const misbehaviours = words.flatMap(parseMisbehaviours);
  return { port: readPort(port), allowHosts, region, endpoint, misbehaviours };
}

async function serveMantle(settings: Settings): Promise<void> {
  const { port, allowHosts, region, endpoint, misbehaviours } = settings;
  const handler = misbehave(mantle({ region, endpoint }), { misbehaviours });
  await serveUntilStopped(handler, { port, allowHosts }, (url) => hints(url, region, endpoint));
}
