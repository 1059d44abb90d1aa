import type { BodyOptions } from "./body.ts";
import { BedrockError } from "./errors.ts";
import type { Fetch } from "./fetch.ts";
import type { PathPrefix, Route } from "./routes.ts";

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
export function assertRuntimeOptions(options: RuntimeOptions): void {
  const { idleTimeoutMs, bufferLimit, unsignedPayload } = options;
  if (unsignedPayload !== undefined && typeof unsignedPayload !== "boolean") {
    throw invalid("`unsignedPayload` is neither true nor false. Pass one of them, or leave it out");
  }
  assertNumber("idleTimeoutMs", idleTimeoutMs, 1, LONGEST_TIMER_MS);
  assertNumber("bufferLimit", bufferLimit, 0, Infinity);
}

/**
 * Routes that stay as they were checked.
 *
 * @throws {BedrockError} `option_invalid`
 */
export function ownRoutes(routes: unknown = []): readonly Route[] {
  try {
    if (Array.isArray(routes)) return Array.from(routes, ownRoute);
  } catch {
    // A list that cannot be read is none
  }
  throw invalid(
    "`routes` is not a list of pairs of a pattern and a prefix that begins with a slash and ends " +
      'without. Pass pairs such as ["example.model-*", "/v1"]',
  );
}

/** Every runtime takes a longer timer for none at all. */
const LONGEST_TIMER_MS = 2 ** 31 - 1;

function assertNumber(name: string, value: unknown, least: number, most: number): void {
  if (value === undefined) return;
  if (typeof value === "number" && value >= least && value <= most) return;
  const range = most === Infinity ? `from ${least}` : `from ${least} to ${most}`;
  throw invalid(`\`${name}\` is not a number ${range}. Pass one, or leave it out`);
}

function ownRoute(route: unknown): Route {
  const [pattern, prefix] = Array.isArray(route) && route.length === 2 ? route : [];
  if (typeof prefix !== "string" || !/^(?:\/(?!\.)[\w.~-]+)+$/.test(prefix)) throw new TypeError();
  if (typeof pattern === "string") return [pattern, prefix as PathPrefix];
  if (pattern instanceof RegExp) return [new RegExp(pattern), prefix as PathPrefix];
  throw new TypeError();
}

function invalid(message: string): BedrockError {
  return new BedrockError("option_invalid", message);
}
