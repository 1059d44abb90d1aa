import assert from "node:assert/strict";
import { test } from "node:test";
import { allImports, isPackage, modulesIn } from "../support/modules.ts";

/** The stages of src/, from the entries down; a file or folder imports only stages further down. */
const STAGES = [
  ["bedrock"],
  ["fetch", "provider"],
  ["exchange", "inspect", "keys", "aws", "openai"],
  ["sts"],
  ["auth"],
  ["sigv4", "endpoint"],
  ["platform", "options"],
  ["errors"],
];

/** The imports of each folder, besides its own modules and the entries. */
const FOLDERS: Readonly<Record<string, readonly string[]>> = {
  src: [],
  loopback: [],
  proxy: ["loopback", "src"],
  cli: ["loopback", "proxy", "src"],
  conformance: ["loopback", "src", "cli", "tools"],
  tools: ["conformance", "cli", "deno.json"],
};
const ENTRIES = ["mod.ts", "aws.ts", "openai.ts", "sts.ts"];

const stageOf = (place: string) => STAGES.findIndex((stage) => stage.includes(place));
const placeOf = (path: string) => path.split("/")[1]?.replace(/\.ts$/, "") ?? "";

test("imports of src/, types included, point one way", async () => {
  for (const path of await modulesIn("src")) {
    const place = placeOf(path);
    assert.ok(stageOf(place) >= 0, `${place} is not a stage`);
    for (const imported of await allImports(path)) {
      if (isPackage(imported)) continue;
      const isBelow = stageOf(placeOf(imported)) > stageOf(place);
      assert.ok(placeOf(imported) === place || isBelow, `${path} imports ${imported}`);
    }
  }
});

test("only src/aws names a package at run time, and nothing imports node:", async () => {
  for (const path of await modulesIn("src")) {
    const packages = (await allImports(path)).filter(isPackage);
    const allowed = placeOf(path) === "aws" ? ["@aws-sdk/credential-provider-node"] : ["openai"];
    for (const each of packages) assert.ok(allowed.includes(each), `${path} imports ${each}`);
  }
});

test("every folder imports only the folders that it is built on", async () => {
  for (const [folder, allowed] of Object.entries(FOLDERS)) {
    for (const path of await modulesIn(folder)) {
      for (const imported of (await allImports(path)).filter((each) => !isPackage(each))) {
        const [place = ""] = imported.split("/");
        const known = [folder, ...allowed, ...folder === "src" ? [] : ENTRIES];
        assert.ok(known.includes(place), `${path} imports ${imported}`);
      }
    }
  }
});
