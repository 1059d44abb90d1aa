/** Measures scenes on the runtime of this process, and prints what each round came to. */
import process from "node:process";
import { type Effort, interleaved, type Times } from "./rounds.ts";
import { scenes } from "./scenes.ts";

/** The argument of the process. */
export interface Task {
  readonly server: string;
  readonly effort: Effort;
  readonly scenes: readonly string[];
}

const task: Task = JSON.parse(process.argv[2] ?? "{}");
const measured: Record<string, Times> = {};
for (const name of task.scenes) {
  measured[name] = await interleaved(scenes[name]!(task.server), task.effort);
}
// A pipe takes so much at once: what is left when a process ends is lost
process.stdout.write(JSON.stringify(measured), () => process.exit(0));
