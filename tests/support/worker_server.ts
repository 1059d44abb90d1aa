import { spawn } from "node:child_process";
import { existsSync } from "node:fs";
import { writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { compatibilityDates, workerdBinary } from "../../conformance/runtimes/workerd.ts";

/** Why workerd cannot run here, if so. */
export const noWorkerd = existsSync(workerdBinary) ? undefined : `there is no ${workerdBinary}`;

/**
 * Serves `worker.js` of a folder in workerd, with variables as its `env`, until `run` has
 * ended.
 */
export async function withWorker(
  file: string,
  date: keyof typeof compatibilityDates,
  env: Readonly<Record<string, string>>,
  run: (origin: string) => Promise<void>,
): Promise<void> {
  const bindings = Object.entries(env)
    .map(([name, text]) => `(name = ${JSON.stringify(name)}, text = ${JSON.stringify(text)})`);
  const config = join(dirname(file), "worker.capnp");
  await writeFile(
    config,
    `using Workerd = import "/workerd/workerd.capnp";
const config :Workerd.Config = (
  services = [
    (name = "main", worker = .example),
    (name = "loopback", network = (allow = ["private", "local"])),
  ],
  sockets = [(name = "http", address = "127.0.0.1:0", http = (), service = "main")],
);
const example :Workerd.Worker = (
  modules = [(name = "worker", esModule = embed "worker.js")],
  compatibilityDate = "${compatibilityDates[date]}",
  bindings = [${bindings.join(", ")}],
  globalOutbound = "loopback",
);
`,
  );
  const child = spawn(workerdBinary, ["serve", "--control-fd=1", config], {
    stdio: ["ignore", "pipe", "pipe"],
    timeout: 60_000,
  });
  const ended = new Promise((resolve) => child.once("close", resolve));
  try {
    await run(`http://127.0.0.1:${await port(child)}`);
  } finally {
    child.kill("SIGKILL");
    await ended;
  }
}

/** Returns the port that workerd says it listens on. */
function port({ stdout, stderr }: ReturnType<typeof spawn>): Promise<string> {
  return new Promise((resolve, reject) => {
    let said = "";
    const take = (chunk: string) => {
      said += chunk;
      const port = /"event":"listen".*"port":(\d+)/.exec(said)?.[1];
      if (port) resolve(port);
    };
    stdout?.setEncoding("utf8").on("data", take).once("end", () => reject(new Error(said)));
    stderr?.setEncoding("utf8").on("data", take);
  });
}
