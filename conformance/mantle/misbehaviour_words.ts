/** A misbehaviour of the server. */
export type Misbehaviour =
  & {
    /** The number of requests that it applies to. @default {Infinity} */
    readonly times?: number;
  }
  & (
    /** Responds after a delay, in milliseconds. */
    | { readonly kind: "latency"; readonly ms: number }
    /** Throttles; `retryAfter` is in seconds, and without it there is no such header. */
    | { readonly kind: "429"; readonly retryAfter?: number }
    /** Fails with a server error. */
    | { readonly kind: "500" }
    /** Refuses the credential as expired. */
    | { readonly kind: "expired-token" }
    /** Redirects to another origin, by default `https://elsewhere.example`. */
    | { readonly kind: "redirect"; readonly to?: string }
    /** Shifts the server's clock: ahead, or back if negative. */
    | { readonly kind: "skew"; readonly seconds: number }
    /** Cuts or stalls an event stream after some events, by default 2. */
    | { readonly kind: "reset" | "stall"; readonly after?: number }
    /** Drops `[DONE]` from an event stream. */
    | { readonly kind: "no-done" }
  );

const KINDS = "latency, 429, 500, expired-token, redirect, skew, reset, stall, no-done";

/**
 * Parses misbehaviours in the syntax of the header and the command line, such as
 * `429; retry-after=1; times=2`, separated by commas.
 *
 * @param words The misbehaviours; units are in the names of {@link Misbehaviour}.
 * @returns The misbehaviours in their order.
 * @throws {TypeError} If a part of it is invalid.
 *
 * @example Two at once
 * ```ts
 * import assert from "node:assert/strict";
 * import { parseMisbehaviours } from "@mantle/bedrock/mantle";
 *
 * assert.deepEqual(parseMisbehaviours("latency; ms=500, 429; retry-after=1; times=2"), [
 *   { kind: "latency", ms: 500 },
 *   { kind: "429", retryAfter: 1, times: 2 },
 * ]);
 * ```
 */
export function parseMisbehaviours(words: string): Misbehaviour[] {
  return words.split(",").map((each) => {
    const [kind = "", ...parameters] = each.split(";").map((part) => part.trim());
    const given = new Parameters(kind, parameters);
    const misbehaviour = { ...read(kind, given), ...named("times", given.optional("times", 1)) };
    given.finish();
    return misbehaviour;
  });
}

function read(kind: string, given: Parameters): Misbehaviour {
  switch (kind) {
    case "latency":
      return { kind, ms: given.required("ms", 0, 600_000) };
    case "429":
      return { kind, ...named("retryAfter", given.optional("retry-after", 0)) };
    case "redirect":
      return { kind, ...named("to", given.origin("to")) };
    case "skew":
      return { kind, seconds: given.required("seconds", -LARGEST) };
    case "reset":
    case "stall":
      return { kind, ...named("after", given.optional("after", 0)) };
    case "500":
    case "expired-token":
    case "no-done":
      return { kind };
    default:
      throw new TypeError(`Unknown misbehaviour: use one of ${KINDS}`);
  }
}

const LARGEST = 1_000_000_000;

/** The parameters of one misbehaviour, each of which must be taken. */
class Parameters {
  readonly #kind: string;
  readonly #given = new Map<string, string>();
  readonly #known: string[] = [];

  constructor(kind: string, parameters: readonly string[]) {
    this.#kind = kind;
    for (const parameter of parameters) {
      const [name = "", value = "", ...rest] = parameter.split("=");
      if (!value || rest.length > 0 || this.#given.has(name)) {
        throw new TypeError(`Parameters of "${kind}" must be name=value, each once`);
      }
      this.#given.set(name, value);
    }
  }

  optional(name: string, least: number, most: number = LARGEST): number | undefined {
    const text = this.#take(name);
    if (text === undefined) return undefined;
    const value = Number(text);
    if (/^-?\d+$/.test(text) && value >= least && value <= most) return value;
    throw new TypeError(`"${name}" must be a whole number from ${least} to ${most}`);
  }

  required(name: string, least: number, most?: number): number {
    const value = this.optional(name, least, most);
    if (value === undefined) throw new TypeError(`"${this.#kind}" needs "${name}"`);
    return value;
  }

  origin(name: string): string | undefined {
    const text = this.#take(name);
    if (text === undefined) return undefined;
    const url = URL.canParse(text) ? new URL(text) : undefined;
    if (url && /^https?:$/.test(url.protocol) && url.href === `${url.origin}/`) return url.origin;
    throw new TypeError(`"${name}" must be an origin, such as https://elsewhere.example`);
  }

  /** Refuses other parameters. An `id` has no meaning, but gives each caller turns of its own. */
  finish(): void {
    this.#take("id");
    if (this.#given.size === 0) return;
    throw new TypeError(`"${this.#kind}" only has the parameters ${this.#known.join(", ")}`);
  }

  #take(name: string): string | undefined {
    this.#known.push(name);
    const value = this.#given.get(name);
    this.#given.delete(name);
    return value;
  }
}

function named<Name extends string, Value>(
  name: Name,
  value: Value | undefined,
): { [key in Name]?: Value } {
  return value === undefined ? {} : { [name]: value } as { [key in Name]: Value };
}
