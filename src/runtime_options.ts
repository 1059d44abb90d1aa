import type { BodyOptions } from "./body.ts";
import { BedrockError } from "./errors.ts";
import type { Fetch } from "./fetch.ts";
import { assertOptions } from "./options.ts";
import type { Route } from "./routes.ts";

/** What `bedrock()` asks of the program around it, and how its `fetch` behaves. */
export interface RuntimeOptions extends BodyOptions {
  /**
   * Where variables are read from, such as the `env` of a Worker.
   *
   * @default {the variables of the process}
   */
  env?: object | undefined;
  /**
   * What `.fetch` sends through.
   *
   * @default {the global `fetch`, as it is at call time}
   */
  fetch?: Fetch | undefined;
  /**
   * Path prefixes of models, tried before the table of this module; for `.fetch`, on a Mantle root
   * that was derived.
   *
   * @default {[]}
   */
  routes?: readonly Route[] | undefined;
  /**
   * Ends an answer of `.fetch` in a `TimeoutError` where nothing comes for so many milliseconds.
   *
   * @default {undefined, which sets no limit}
   */
  idleTimeoutMs?: number | undefined;
}

/**
 * Refuses options that could not work.
 *
 * @throws {BedrockError} `option_invalid`
 */
export function assertRuntimeOptions(options: unknown): void {
  assertOptions(options, "`bedrock()`");
  const { routes, idleTimeoutMs, bufferLimit, unsignedPayload } = options as RuntimeOptions;
  if (routes !== undefined && !(Array.isArray(routes) && routes.every(isRoute))) {
    throw invalid(
      "`routes` is not a list of pairs of a pattern and a prefix that begins with a slash and ends " +
        'without. Pass pairs such as ["example.model-*", "/v1"]',
    );
  }
  if (unsignedPayload !== undefined && typeof unsignedPayload !== "boolean") {
    throw invalid("`unsignedPayload` is neither true nor false. Pass one of them, or leave it out");
  }
  assertNumber("idleTimeoutMs", idleTimeoutMs, 1, LONGEST_TIMER_MS);
  assertNumber("bufferLimit", bufferLimit, 0, Infinity);
}

/** Every runtime takes a longer timer for none at all. */
const LONGEST_TIMER_MS = 2 ** 31 - 1;

function assertNumber(name: string, value: unknown, least: number, most: number): void {
  if (value === undefined) return;
  if (typeof value === "number" && value >= least && value <= most) return;
  const range = most === Infinity ? `from ${least}` : `from ${least} to ${most}`;
  throw invalid(`\`${name}\` is not a number ${range}. Pass one, or leave it out`);
}

function isRoute(route: unknown): boolean {
  if (!Array.isArray(route) || route.length !== 2) return false;
  const [pattern, prefix] = route;
  return (typeof pattern === "string" || pattern instanceof RegExp) &&
    typeof prefix === "string" && /^(?:\/(?!\.)[\w.~-]+)+$/.test(prefix);
}

function invalid(message: string): BedrockError {
  return new BedrockError("option_invalid", message);
}
