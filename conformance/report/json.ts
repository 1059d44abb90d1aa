import type { Report } from "./report.ts";

/** Formats a report as JSON: the fields of {@link Report}, `version` first. */
export function formatJson(report: Report): string {
  return JSON.stringify(report, undefined, 1) + "\n";
}

/**
 * Parses the output of {@link formatJson}.
 *
 * @throws {TypeError} If the version of the format is another.
 */
export function parseJson(text: string): Report {
  const report: { version?: unknown } = JSON.parse(text);
  if (report.version !== 1) {
    throw new TypeError(`Cannot read the report: its version is ${report.version}, not 1`);
  }
  return report as Report;
}
