/** The result of one step of the test command. */
export interface Result {
  passed: number;
  failed: number;
  seconds?: number;
  /** Printed if the step failed. */
  output?: string;
}

/**
 * The report of the test command: a line for each step, the totals, and the failures at the end.
 */
export class TestReport {
  #passed = 0;
  #failed = 0;
  #failures: string[] = [];

  record(title: string, { passed, failed, seconds, output = "" }: Result): void {
    this.#passed += passed;
    this.#failed += failed;
    const time = seconds === undefined ? "" : ` (${seconds.toFixed(1)} s)`;
    console.log(`${failed > 0 ? "FAIL" : "ok  "}  ${title}${time}`);
    if (failed === 0) return;
    this.#failures.push(title);
    if (output.trim() !== "") console.log(output.trimEnd().replaceAll(/^/gm, "    "));
  }

  /** Prints a line that is not a result. */
  note(line: string): void {
    console.log(`--    ${line}`);
  }

  /** Prints the failures and the totals, and returns true if everything passed. */
  close(): boolean {
    if (this.#passed + this.#failed === 0) {
      this.record("Nothing ran", { passed: 0, failed: 1 });
    }
    if (this.#failures.length > 0) {
      console.log("\nFailures:");
      for (const title of this.#failures) console.log(`FAIL  ${title}`);
    }
    console.log(`\n${this.#passed} passed, ${this.#failed} failed`);
    return this.#failed === 0;
  }
}
