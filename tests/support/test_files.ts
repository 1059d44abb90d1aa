/**
 * Runs the test files that it is told of, in one process: `test_files.ts tests/a.test.ts ...`.
 *
 * Shared modules are loaded once; a file that can't be loaded is a failed test that names it.
 */
import { resolve } from "node:path";
import process from "node:process";
import { before, test } from "node:test";
import { pathToFileURL } from "node:url";

/** A file that waits for what never comes must not end the run as if it were empty. */
const LIMIT_MS = 60_000;

async function load(file: string): Promise<void> {
  const late = Promise.withResolvers<never>();
  const error = new Error(`Not loaded after ${LIMIT_MS / 1000} s`);
  const timer = setTimeout(() => late.reject(error), LIMIT_MS);
  try {
    await Promise.race([import(pathToFileURL(resolve(file)).href), late.promise]);
  } finally {
    clearTimeout(timer);
  }
}

const loaded = Promise.withResolvers<void>();

// Node starts at once, and takes a pause between files for the end, after which folders are removed
before(() => loaded.promise);

for (const file of process.argv.slice(2)) {
  await load(file).catch((error: unknown) => {
    test(`${file} loads`, () => Promise.reject(error));
  });
}
loaded.resolve();
