import type { Ledger } from "./ledger.ts";
import { run } from "./run.ts";
import { type RuntimeName, testEnvironment } from "./runtimes.ts";

/** Runs the conformance matrix, in the process and over sockets, on the runtimes named or on all. */
export async function runConformance(
  names: readonly RuntimeName[] | undefined,
  ledger: Ledger,
): Promise<void> {
  const chosen = names ? ["--runtime", names.join()] : [];
  const command = ["run", "-A", "conformance/run.ts", "--mode", "replay,wire", ...chosen];
  const { ok, output, seconds } = await run([Deno.execPath(), ...command], {
    env: testEnvironment(),
    limitSeconds: 900,
  });
  const counts = [...output.matchAll(/^(\d+) passed, (\d+) failed$/gm)].at(-1);
  const [, passed = "0", failed = "0"] = counts ?? [];
  for (const [line] of output.matchAll(/^-- .*$/gm)) ledger.note(line.slice(2).trim());
  ledger.record(`conformance: ${passed} passed, ${failed} failed`, {
    passed: Number(passed),
    failed: ok && Number(passed) > 0 ? Number(failed) : Math.max(Number(failed), 1),
    output,
    seconds,
  });
}
