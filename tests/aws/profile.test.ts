import assert from "node:assert/strict";
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, test } from "node:test";
import { profileRegion, readAwsFiles, selectProfile } from "../../src/aws/files.ts";
import { type Environment, readEnvironment } from "../../src/platform/environment.ts";
import { refuses } from "../support/refusal.ts";

const folder = mkdtempSync(join(tmpdir(), "profile-"));
after(() => rmSync(folder, { recursive: true, force: true }));

function write(name: string, text: string): string {
  const path = join(folder, name);
  writeFileSync(path, text);
  return path;
}

const select = (option: string | undefined, env: Environment) =>
  selectProfile(option, env, readAwsFiles(env));

const NO_FILES = { HOME: join(folder, "nobody") };
const REGIONS = "[default]\nregion = a\n[profile x]\nregion = b\n[profile y]\nregion = c\n";

test("profileRegion() takes the profile it is given, then AWS_PROFILE, then the default", () => {
  const AWS_CONFIG_FILE = write("regions", REGIONS);
  const region = (profile?: string, AWS_PROFILE?: string) =>
    profileRegion(profile, readEnvironment({ ...NO_FILES, AWS_CONFIG_FILE, AWS_PROFILE }));
  assert.equal(region("y", "x"), "c");
  assert.equal(region(undefined, "x"), "b");
  assert.equal(region(), "a");
  assert.equal(region("z"), undefined);
});

test("profileRegion() finds files in the home folder, by default and behind ~/", () => {
  write("regions", REGIONS);
  mkdirSync(join(folder, ".aws"));
  write(".aws/config", "[profile x]\nregion = of the home folder\n");
  for (const name of ["HOME", "USERPROFILE", "HOMEPATH"]) {
    const home = { [name]: folder, HOMEDRIVE: "/" };
    const AWS_CONFIG_FILE = "~/regions";
    assert.equal(profileRegion("x", readEnvironment({ ...home, AWS_CONFIG_FILE })), "b", name);
    assert.equal(profileRegion("x", readEnvironment(home)), "of the home folder", name);
  }
});

test("a runtime that cannot read files is reported with the file's name", () => {
  const whole = Object.getOwnPropertyDescriptor(globalThis, "process")!;
  for (const partial of [undefined, {}, { getBuiltinModule: () => undefined }]) {
    Object.defineProperty(globalThis, "process", { value: partial, configurable: true });
    try {
      const env = readEnvironment({ HOME: "/home/x" });
      refuses(() => profileRegion("x", env), "permission_missing", "/home/x/.aws/config", "20.16");
      assert.equal(profileRegion("x", readEnvironment({})), undefined);
    } finally {
      Object.defineProperty(globalThis, "process", whole);
    }
  }
});

test("profileRegion() is undefined without a config file", () => {
  write("regions", REGIONS);
  for (const name of ["missing", "regions/below-a-file"]) {
    assert.equal(
      profileRegion("x", readEnvironment({ ...NO_FILES, AWS_CONFIG_FILE: join(folder, name) })),
      undefined,
    );
  }
});

test("profileRegion() refuses a config file that cannot be read, and says which", () => {
  const env = readEnvironment({ AWS_CONFIG_FILE: folder });
  refuses(() => profileRegion("x", env), "permission_missing", folder, "`region`");
});

test("a setting in the credentials file takes precedence over the config file, as in AWS's SDK", () => {
  const files = {
    AWS_CONFIG_FILE: write("both-config", "[profile x]\nregion = a\noutput = json\n"),
    AWS_SHARED_CREDENTIALS_FILE: write("both-credentials", "[x]\nregion = b\n"),
  };
  const { settings } = select("x", readEnvironment(files));
  assert.deepEqual([...settings ?? []], [["region", "b"], ["output", "json"]]);
});

test("selectProfile() tells what selected the profile, and has no settings if it does not exist", () => {
  const selected = (option?: string, AWS_PROFILE?: string) => {
    const { name, source, settings } = select(
      option,
      readEnvironment({ ...NO_FILES, AWS_PROFILE }),
    );
    return [name, source, settings];
  };
  assert.deepEqual(selected("a", "b"), ["a", "`profile`", undefined]);
  assert.deepEqual(selected(undefined, "b"), ["b", "AWS_PROFILE", undefined]);
  assert.deepEqual(selected(), ["default", "the default", undefined]);
  assert.doesNotMatch(select("ABSKTop0Secret0Value", readEnvironment(NO_FILES)).label, /Secret/);
});

test("services() finds the services section of a name, and no profile of that name", () => {
  const url = (host: string) => `sts =\n  endpoint_url = https://${host}.example\n`;
  const text = `[profile s]\n${url("profile")}[services s]\n${url("services")}`;
  const { services } = readAwsFiles(
    readEnvironment({ ...NO_FILES, AWS_CONFIG_FILE: write("services", text) }),
  );
  assert.equal(services("s")?.get("sts.endpoint_url"), "https://services.example");
  assert.equal(services("none"), undefined);
});
