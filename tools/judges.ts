/**
 * Lets servers judge that are not this project's: `deno task judges`. It installs moto for Python into
 * `out/judges`, unless `MOTO_SERVER` names one, and says so where there is no Python.
 *
 * @module
 */
import { findMoto, JUDGES_FOLDER, MOTO_VERSION, withMoto } from "./judges/moto.ts";
import { judge, STS_CLAIMS } from "./judges/sts_claims.ts";
import { run } from "./run.ts";

/** Installs moto into a virtual environment; says why not if that fails. */
async function install(): Promise<string | undefined> {
  const commands = [
    ["python3", "-m", "venv", JUDGES_FOLDER],
    [`${JUDGES_FOLDER}/bin/pip`, "install", "--quiet", `moto[server]==${MOTO_VERSION}`],
  ];
  for (const command of commands) {
    const { ok, output } = await run(command, { limitSeconds: 600 });
    if (!ok) return output.trim().split("\n").at(-1);
  }
}

async function main(): Promise<boolean> {
  const problem = findMoto() === undefined ? await install() : undefined;
  const path = findMoto();
  if (path === undefined || problem !== undefined) {
    console.log(`moto ${MOTO_VERSION} is not there, so nothing was judged: ${problem}`);
    return false;
  }
  let failed = 0;
  await withMoto(path, async (moto) => {
    for (const claim of Object.keys(STS_CLAIMS)) {
      const error = await judge(claim, moto).then(() => undefined, (error) => error);
      if (error) failed++;
      console.log(error ? `FAIL  ${claim}\n${error.stack}` : `ok    ${claim}`);
    }
  });
  console.log(`\n${Object.keys(STS_CLAIMS).length - failed} passed, ${failed} failed`);
  return failed === 0;
}

Deno.chdir(`${import.meta.dirname}/..`);
Deno.exit(await main() ? 0 : 1);
