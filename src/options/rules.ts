import { BedrockError } from "../errors.ts";

/** A check of an option, and the message if it fails. */
export type OptionRule = readonly [isValid: (value: unknown) => boolean, complaint: string];

/** Tells a number from `least` to `most`. */
export function isNumber(value: unknown, least: number, most: number): value is number {
  return typeof value === "number" && value >= least && value <= most;
}

/** Tells a text that is not blank. */
export function isText(value: unknown): value is string {
  return typeof value === "string" && value.trim() !== "";
}

/** Requires a text that is not blank. */
export function requireText(advice: string): OptionRule {
  return [isText, `is blank or not a string. ${advice}`];
}

/** Requires a function. */
export function requireFunction(advice: string): OptionRule {
  return [(value) => typeof value === "function", `is not a function. ${advice}`];
}

/** Requires an object. */
export function requireObject(advice: string): OptionRule {
  return [
    (value) => typeof value === "object" && value !== null,
    `is not an object. ${advice}`,
  ];
}

/** The check of the option `env`. */
export const ENV_RULE: OptionRule = requireObject(
  "Pass variables by name, or leave it out",
);

/** The check of the option `fetch`. */
export const FETCH_RULE: OptionRule = requireFunction(
  "Pass one, or leave it out",
);

/**
 * Refuses options that break their rule; `undefined` is no option.
 *
 * @throws {BedrockError} `option_invalid`
 */
export function checkOptions(
  options: object,
  rules: Readonly<Record<string, OptionRule | undefined>>,
): void {
  for (const [name, value] of Object.entries(options)) {
    const [isValid, complaint] = rules[name] ?? [];
    if (isValid && value !== undefined && !isValid(value)) throw invalidOption(name, complaint!);
  }
}

/** The error for an option that is not what it must be. */
export function invalidOption(option: string, complaint: string): BedrockError {
  return new BedrockError("option_invalid", `{${option}} ${complaint}`, { option });
}
