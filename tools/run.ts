/** The result of a child process, and its output. */
export interface Finished {
  ok: boolean;
  output: string;
  seconds: number;
}

/** The folder, environment and time limit of a child process. */
export interface RunOptions {
  cwd?: string;
  env?: Record<string, string>;
  limitSeconds?: number;
}

// For two cores: processes wait now and then
let freeSlots = 3;
const queue: (() => void)[] = [];

async function takeSlot(): Promise<void> {
  if (freeSlots > 0) freeSlots--;
  else await new Promise<void>((resolve) => queue.push(resolve));
}

function freeSlot(): void {
  const next = queue.shift();
  if (next) next();
  else freeSlots++;
}

/** Runs a command when a slot is free. A command that cannot start counts as failed. */
export async function run(command: string[], options: RunOptions = {}): Promise<Finished> {
  await takeSlot();
  const start = performance.now();
  const { ok, output } = await spawn(command, options).catch((error: unknown) => {
    return { ok: false, output: `Could not run ${command.join(" ")}: ${error}` };
  });
  freeSlot();
  return { ok, output, seconds: (performance.now() - start) / 1000 };
}

async function spawn([program = "", ...args]: string[], options: RunOptions) {
  const { cwd, env = Deno.env.toObject(), limitSeconds = 300 } = options;
  const child = new Deno.Command(program, {
    args,
    ...(cwd !== undefined && { cwd }),
    clearEnv: true,
    env: { ...env, NO_COLOR: "1" },
    stdin: "null",
    stdout: "piped",
    stderr: "piped",
  }).spawn();

  const printed = ["", ""];
  const reading = [child.stdout, child.stderr].map(async (stream, index) => {
    for await (const text of stream.pipeThrough(new TextDecoderStream())) printed[index] += text;
  });
  const ended = Promise.all([child.status, ...reading]).then(([status]) => status.success);

  // Grandchildren may keep the pipes open after the child has exited
  const late = Promise.withResolvers<boolean>();
  const timer = setTimeout(() => {
    printed.push(`\nStopped after ${limitSeconds} s\n`);
    stop(child);
    late.resolve(false);
  }, limitSeconds * 1000);
  const ok = await Promise.race([ended, late.promise]);
  clearTimeout(timer);
  return { ok, output: printed.join("") };
}

function stop(child: Deno.ChildProcess): void {
  try {
    child.kill("SIGTERM");
  } catch (error) {
    if (!(error instanceof TypeError)) throw error; // already exited
  }
}
