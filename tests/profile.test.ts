import assert from "node:assert/strict";
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, test } from "node:test";
import { profileRegion, selectedProfile, ssoRegion } from "../src/aws/profile.ts";
import { environment } from "../src/environment.ts";
import { refuses } from "./support/refusal.ts";

const folder = mkdtempSync(join(tmpdir(), "profile-"));
after(() => rmSync(folder, { recursive: true, force: true }));

function write(name: string, text: string): string {
  const path = join(folder, name);
  writeFileSync(path, text);
  return path;
}

const NO_FILES = { HOME: join(folder, "nobody") };
const REGIONS = "[default]\nregion = a\n[profile x]\nregion = b\n[profile y]\nregion = c\n";

test("profileRegion() takes the profile it is given, then AWS_PROFILE, then the default", () => {
  const AWS_CONFIG_FILE = write("regions", REGIONS);
  const region = (profile?: string, AWS_PROFILE?: string) =>
    profileRegion(profile, environment({ ...NO_FILES, AWS_CONFIG_FILE, AWS_PROFILE }));
  assert.equal(region("y", "x"), "c");
  assert.equal(region(undefined, "x"), "b");
  assert.equal(region(), "a");
  assert.equal(region("z"), undefined);
});

test("profileRegion() finds the home folder behind ~/ and by default", () => {
  write("regions", REGIONS);
  mkdirSync(join(folder, ".aws"));
  write(".aws/config", "[profile x]\nregion = of the home folder\n");
  for (const name of ["HOME", "USERPROFILE", "HOMEPATH"]) {
    const home = { [name]: folder, HOMEDRIVE: "/" };
    const AWS_CONFIG_FILE = "~/regions";
    assert.equal(profileRegion("x", environment({ ...home, AWS_CONFIG_FILE })), "b", name);
    assert.equal(profileRegion("x", environment(home)), "of the home folder", name);
  }
});

test("where a runtime reads no files, that is said, and a file is known by its name", () => {
  const whole = Object.getOwnPropertyDescriptor(globalThis, "process")!;
  for (const partial of [undefined, {}, { getBuiltinModule: () => undefined }]) {
    Object.defineProperty(globalThis, "process", { value: partial, configurable: true });
    try {
      const env = environment({ HOME: "/home/x" });
      refuses(() => profileRegion("x", env), "permission_missing", "/home/x/.aws/config", "20.16");
      assert.equal(profileRegion("x", environment({})), undefined);
    } finally {
      Object.defineProperty(globalThis, "process", whole);
    }
  }
});

test("profileRegion() is undefined where there is no config file", () => {
  write("regions", REGIONS);
  for (const name of ["missing", "regions/below-a-file"]) {
    assert.equal(
      profileRegion("x", environment({ ...NO_FILES, AWS_CONFIG_FILE: join(folder, name) })),
      undefined,
    );
  }
});

test("profileRegion() refuses a config file that cannot be read, and says which", () => {
  const env = environment({ AWS_CONFIG_FILE: folder });
  refuses(() => profileRegion("x", env), "permission_missing", folder, "`region`");
});

test("a setting in the credentials file counts before that of the config file, as AWS's SDK has it", () => {
  const files = {
    AWS_CONFIG_FILE: write("both-config", "[profile x]\nregion = a\noutput = json\n"),
    AWS_SHARED_CREDENTIALS_FILE: write("both-credentials", "[x]\nregion = b\n"),
  };
  const { settings } = selectedProfile("x", environment(files));
  assert.deepEqual([...settings ?? []], [["region", "b"], ["output", "json"]]);
});

test("selectedProfile() tells what selected it, and has no settings where there is no such profile", () => {
  const selected = (option?: string, AWS_PROFILE?: string) => {
    const { name, source, settings } = selectedProfile(
      option,
      environment({ ...NO_FILES, AWS_PROFILE }),
    );
    return [name, source, settings];
  };
  assert.deepEqual(selected("a", "b"), ["a", "`profile`", undefined]);
  assert.deepEqual(selected(undefined, "b"), ["b", "AWS_PROFILE", undefined]);
  assert.deepEqual(selected(), ["default", "the default", undefined]);
});

test("ssoRegion() reads the sso-session section that a profile names, or the profile itself", () => {
  const text = "[profile new]\nsso_session = s\n[sso-session s]\nsso_region = a\n" +
    "[profile old]\nsso_region = b\n[profile s]\nsso_region = c\n";
  const env = environment({ ...NO_FILES, AWS_CONFIG_FILE: write("sso", text) });
  for (const [name, region] of [["new", "a"], ["old", "b"], ["none", undefined]] as const) {
    assert.equal(ssoRegion(selectedProfile(name, env).settings, env), region, name);
  }
});
