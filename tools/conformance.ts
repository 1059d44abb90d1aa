import { everything, prepareMatrix } from "../conformance/matrix.ts";
import { formatProblems } from "../conformance/report/terminal.ts";
import { findHosts, targetNames } from "../conformance/runtimes/targets.ts";
import type { Runtime } from "./runtimes.ts";
import type { TestReport } from "./test_report.ts";

/**
 * Prepares the conformance matrix for these runtimes, and for workerd and Chromium if `hosts` is
 * set. Returns the function that runs it.
 */
export async function prepareConformance(
  runtimes: readonly Runtime[],
  hosts: boolean,
  testReport: TestReport,
): Promise<() => Promise<void>> {
  const targets = [...runtimes, ...hosts ? await findHosts(targetNames, testReport) : []];
  const runMatrix = await prepareMatrix({ ...everything, targets }, testReport);
  return async () => {
    const start = performance.now();
    const report = await runMatrix();
    const seconds = (performance.now() - start) / 1000;
    const { passed, failed } = report;
    const title = `conformance on ${targets.length} runtimes: ${passed} passed, ${failed} failed`;
    testReport.record(title, { passed, failed, seconds, output: formatProblems(report) });
  };
}
