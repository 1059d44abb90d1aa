import type { Report } from "./report.ts";

/** Writes a report as JSON: the fields of {@link Report}, `version` first. */
export function formatJson(report: Report): string {
  return JSON.stringify(report, undefined, 1) + "\n";
}

/**
 * Reads what {@link formatJson} has written.
 *
 * @throws {TypeError} If the format's version is another.
 */
export function parseJson(text: string): Report {
  const report: { version?: unknown } = JSON.parse(text);
  if (report.version !== 1) {
    throw new TypeError(`Cannot read report: Version is ${report.version}, wanted 1`);
  }
  return report as Report;
}
