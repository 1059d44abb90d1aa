#!/usr/bin/env node
/**
 * The command line: `node cli.ts mantle` in a clone (Deno and Bun run it too);
 * `npx --offline --no @mantle/bedrock mantle` with the npm package installed;
 * `deno run -A jsr:@mantle/bedrock/cli mantle`, untested until published.
 *
 * | command | does |
 * | --- | --- |
 * | `doctor` | shows where requests would go and how they would be authenticated |
 * | `key` | prints a short-term API key, minted from AWS credentials |
 * | `proxy` | serves the OpenAI API on this machine, for tools that take a base URL and a key |
 * | `mantle` | serves a local Amazon Bedrock Mantle to test clients against |
 * | `conformance` | runs the conformance suite on this runtime, or against an account |
 *
 * Importing it runs it; it exports nothing.
 *
 * Exit codes: 0 on success, or when stopped by a signal; 1 on failure; 2 on wrong usage.
 *
 * @module
 */
import process from "node:process";
import { parseArgs } from "node:util";
import { plain } from "./cli/plain.ts";

/** The entry point of a subcommand: takes its arguments, and resolves to the exit code. */
type Run = (args: string[]) => Promise<number>;

/** A subcommand, whose modules are loaded only when it runs. */
interface Command {
  readonly summary: string;
  /** The packages it needs that npm does not install with this one. */
  readonly packages?: readonly string[];
  readonly load: () => Promise<{ readonly run: Run }>;
}

/** The packages that the local server verifies signatures with. */
const VERIFIERS = ["@aws-crypto/sha256-js", "@smithy/signature-v4", "aws4fetch"];

const COMMANDS: Readonly<Record<string, Command>> = {
  conformance: {
    summary: "runs the conformance suite on this runtime, or against an account",
    packages: [...VERIFIERS, "openai"],
    load: () => import("./conformance/command.ts"),
  },
  doctor: {
    summary: "shows where requests would go and how they would be authenticated",
    load: () => import("./cli/doctor.ts"),
  },
  key: {
    summary: "prints a short-term API key, minted from AWS credentials",
    load: () => import("./cli/key.ts"),
  },
  mantle: {
    summary: "serves a local Amazon Bedrock Mantle to test clients against",
    packages: VERIFIERS,
    load: () => import("./conformance/mantle/command.ts"),
  },
  proxy: {
    summary: "serves the OpenAI API on this machine, for tools that take a base URL and a key",
    load: () => import("./cli/proxy.ts"),
  },
};

const USAGE = `Usage: cli.ts <command> [options]

Commands:
${
  Object.entries(COMMANDS).map(([name, { summary }]) => `  ${name.padEnd(12)} ${summary}`).join(
    "\n",
  )
}

Run cli.ts <command> --help for the options of a command.

Exit codes: 0 success, or stopped by a signal; 1 failure; 2 wrong usage.`;

process.exitCode = await main(process.argv.slice(2));

async function main(args: string[]): Promise<number> {
  const [name = "", ...rest] = args;
  const command = Object.hasOwn(COMMANDS, name) ? COMMANDS[name] : undefined;
  if (!command) return explainUsage(args);
  try {
    const { run } = await command.load().catch((cause) => explainLoadFailure(command, cause));
    return await run(rest);
  } catch (error) {
    console.error(`Failed: ${plain(error instanceof Error ? error.message : `${error}`)}`);
    return 1;
  }
}

function explainLoadFailure({ packages }: Command, cause: { readonly code?: unknown }): never {
  if (!packages || cause.code !== "ERR_MODULE_NOT_FOUND") throw cause;
  throw new Error(
    "This command needs packages that are not installed with @mantle/bedrock. Install them, " +
      `for example with: npm install ${packages.join(" ")}`,
    { cause },
  );
}

function explainUsage(args: string[]): number {
  let problem: string;
  try {
    const { values, positionals: [name] } = parseArgs({
      args,
      allowPositionals: true,
      options: { help: { type: "boolean", short: "h" } },
    });
    if (values.help) {
      console.log(USAGE);
      return 0;
    }
    problem = name === undefined ? "No command was given" : `Unknown command "${name}"`;
  } catch (error) {
    problem = (error as TypeError).message;
  }
  console.error(`${plain(problem)}\n\n${USAGE}`);
  return 2;
}
