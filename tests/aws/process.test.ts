import { test } from "node:test";
import { RUN_FLAGS } from "../support/fresh_process.ts";
import { onMachine, section, temporary, USER_KEYS } from "../support/machine.ts";
import type { Machine } from "../support/machine.ts";
import { SECRET } from "../support/refusal.ts";

const ISSUED = temporary("process");

/** Returns the command for a program of this runtime, in a folder with a space in its name. */
async function command({ write }: Machine, program: string, ...args: string[]): Promise<string> {
  const path = await write("tools of mine/credentials.mjs", program);
  return [process.execPath, ...RUN_FLAGS, path, ...args].map((word) => `"${word}"`).join(" ");
}

const settings = (process: string) => section("profile tool", { credential_process: process });

const TOOL = { AWS_PROFILE: "tool" };

const prints = (document: object) =>
  `process.stdout.write(${JSON.stringify(JSON.stringify(document))});`;

const issued = (keys: { accessKeyId: string; secretAccessKey: string; sessionToken?: string }) => ({
  Version: 1,
  AccessKeyId: keys.accessKeyId,
  SecretAccessKey: keys.secretAccessKey,
  SessionToken: keys.sessionToken,
});

test("a credential process signs, with spaces in its path and in its arguments", async () => {
  await onMachine(async (machine) => {
    const program = `
      const [option, value, ...rest] = process.argv.slice(2);
      if (option !== "--for" || value !== "my  team" || rest.length) process.exit(9);
      ${prints(issued(ISSUED))}`;
    await machine.write(
      ".aws/config",
      settings(await command(machine, program, "--for", "my  team")),
    );
    await machine.signsAs(ISSUED, TOOL);
  });
});

test("a credential process may omit the session token and the expiry", async () => {
  await onMachine(async (machine) => {
    await machine.write(".aws/config", settings(await command(machine, prints(issued(USER_KEYS)))));
    await machine.signsAs(USER_KEYS, TOOL);
  });
});

test("credentials of a process are used until they expire, and refused afterwards", async () => {
  await onMachine(async (machine) => {
    const until = async (time: number) => {
      const document = { ...issued(ISSUED), Expiration: new Date(time).toISOString() };
      await machine.write(".aws/config", settings(await command(machine, prints(document))));
    };
    await until(Date.now() + 3_600_000);
    await machine.signsAs(ISSUED, TOOL);
    await until(Date.now() - 1000);
    await machine.findsNone(TOOL);
  });
});

test("the output of a failing process is never shown", async () => {
  await onMachine(async (machine) => {
    const said = `console.log("${SECRET}"); console.error("${SECRET}");`;
    for (const program of [`${said} process.exit(1);`, said, `${said} throw new Error("x");`]) {
      await machine.write(".aws/config", settings(await command(machine, program, SECRET)));
      await machine.findsNone(TOOL);
    }
  });
});
