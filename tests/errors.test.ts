import assert from "node:assert/strict";
import { copyFile, mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test } from "node:test";
import { fileURLToPath, pathToFileURL } from "node:url";
import { inspect } from "node:util";
import { BedrockError } from "../src/errors.ts";

test("instanceof recognizes a BedrockError of another copy of the module, and nothing else", async (t) => {
  const folder = await mkdtemp(join(tmpdir(), "bedrock-errors-"));
  t.after(() => rm(folder, { recursive: true }));
  const file = join(folder, "errors.mts");
  await copyFile(fileURLToPath(new URL("../src/errors.ts", import.meta.url)), file);
  const copy: { BedrockError: typeof BedrockError } = await import(pathToFileURL(file).href);

  assert.notEqual(copy.BedrockError, BedrockError);
  for (const Thrower of [BedrockError, copy.BedrockError]) {
    const error: unknown = new Thrower("region_missing", "No region");
    assert.ok(error instanceof BedrockError && error instanceof copy.BedrockError);
    assert.equal(error.code, "region_missing");
  }
  for (const other of [new Error("No region"), { code: "region_missing" }, "text", null]) {
    assert.ok(!(other instanceof BedrockError));
  }
});

test("a subclass of BedrockError has instances of its own", () => {
  class Narrower extends BedrockError {
    readonly more = true;
  }
  const narrower: unknown = new Narrower("region_missing", "No region");
  assert.ok(narrower instanceof BedrockError);
  assert.ok(narrower instanceof Narrower && narrower.more);
  assert.ok(!(new BedrockError("region_missing", "No region") instanceof Narrower));
});

test("the mark of a BedrockError is not shown when it is inspected", () => {
  assert.ok(!inspect(new BedrockError("region_missing", "No region")).includes("Symbol"));
});
