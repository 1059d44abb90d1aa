import assert from "node:assert/strict";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, test } from "node:test";
import { loadSharedConfigFiles } from "@smithy/core/config";
import fc from "fast-check";
import { parseConfigFile, parseCredentialsFile } from "../../src/aws/ini.ts";

const folder = mkdtempSync(join(tmpdir(), "config-file-"));
after(() => rmSync(folder, { recursive: true, force: true }));

function write(name: string, text: string): string {
  const path = join(folder, name);
  writeFileSync(path, text);
  return path;
}

/**
 * Returns what AWS's own reader finds. Profiles without any setting do not exist for it, and it lists two
 * other kinds of section among the profiles, with a prefix that no profile here has.
 */
async function expectedProfiles(text: string) {
  const { configFile } = await loadSharedConfigFiles({
    configFilepath: write("generated", text),
    filepath: join(folder, "no-credentials"),
    ignoreCache: true,
  });
  const isProfile = ([name]: [string, unknown]) => !/^(?:sso-session|services)\./.test(name);
  return Object.fromEntries(
    Object.entries(configFile).filter(isProfile)
      .map(([name, settings]) => [name, { ...settings }]),
  );
}

/** Returns what this module finds, in the same form. */
function foundProfiles(text: string) {
  const profiles = [...parseConfigFile(text)].filter(([, settings]) => settings.size);
  return Object.fromEntries(
    profiles.map(([name, settings]) => [name, Object.fromEntries(settings)]),
  );
}

/**
 * Left out, as AWS's reader stumbles over them: `[profile.name]` and names that start with
 * `sso-session.`, which collide with the names that it makes itself, and `__proto__` and other
 * sections without `profile` that are named like a property of objects.
 */
const section = fc.oneof(
  fc.constantFrom(
    "[default]",
    "[profile default]",
    '[profile "default"]',
    "[ default ]",
    "[default] #",
  ),
  fc.constantFrom(
    "[profile a]",
    '[profile "a"]',
    "[profile 'a']",
    "[profile\ta]",
    "  [profile a]  ",
  ),
  fc.constantFrom("[profile a];c", "[profile a] ;c", "[profile a] b", "[profile a", "[profile é]"),
  fc.constantFrom(
    "[profile  a]",
    "[profile a ]",
    "[profile a b]",
    "[profile \"a']",
    '[profile "a]',
  ),
  fc.constantFrom("[profile a.b]", "[profile constructor]", "[profile toString]", "[Profile a]"),
  fc.constantFrom(
    "[sso-session a]",
    "[services a]",
    "[services default]",
    "[plugins a]",
    "[a]",
    "[]",
  ),
  fc.stringMatching(/^[\w@+.%:/-]{1,6}$/).map((name) => `[profile ${name}]`),
);
const setting = fc.tuple(
  fc.constantFrom("", "", "", " ", "  ", "\t", "\xa0"),
  fc.constantFrom("region", "region", "REGION", "s3", "output", "a b", "a.b", "toString", ""),
  fc.constantFrom("=", " = ", "= ", " =", "\t=\t", "==", " "),
  fc.constantFrom("us-east-1", "eu-west-1", "us-gov-west-1", "", "", " ", "a=b", '"quoted"', "é"),
  fc.constantFrom("", "", "", " # c", " #c", "#c", " ; c", "\t;c", ";c", "# c = d", " "),
).map((parts) => parts.join(""));
const other = fc.oneof(
  fc.constantFrom("", " ", "# c", "; c", "  # c", "#region = x", ";region=x", "= x", "region", "["),
  fc.string({ unit: "grapheme" }),
);
const configFile = fc.tuple(
  fc.constantFrom("", "", "\ufeff"),
  fc.array(
    fc.oneof({ weight: 3, arbitrary: section }, { weight: 5, arbitrary: setting }, other),
    { maxLength: 16 },
  ),
  fc.constantFrom("\n", "\r\n"),
).map(([mark, lines, end]) => mark + lines.join(end));

test("any config file has the profiles and settings that AWS's own reader finds", async () => {
  await fc.assert(
    fc.asyncProperty(configFile, async (text) => {
      const expected = await expectedProfiles(text);
      assert.deepEqual(foundProfiles(text), expected);
    }),
    { numRuns: 1000 },
  );
});

test("any credentials file has the profiles and settings that AWS's own reader finds", async () => {
  await fc.assert(
    fc.asyncProperty(configFile, async (text) => {
      const { credentialsFile } = await loadSharedConfigFiles({
        configFilepath: join(folder, "no-config"),
        filepath: write("credentials", text),
        ignoreCache: true,
      });
      const expected = Object.entries(credentialsFile)
        .filter(([name]) => !/^(?:profile|sso-session|services)\./.test(name))
        .map(([name, settings]) => [name, { ...settings }]);
      const found = [...parseCredentialsFile(text)].filter(([, settings]) => settings.size)
        .map(([name, settings]) => [name, Object.fromEntries(settings)]);
      assert.deepEqual(Object.fromEntries(found), Object.fromEntries(expected));
    }),
    { numRuns: 500 },
  );
});

test("a profile has the region that AWS's own reader finds in its hardest files", async () => {
  const files = [
    "[default]\nregion = a\n[profile default]\nregion = b",
    "[profile default]\nregion = b\n[default]\nregion = a",
    "[profile default]\noutput = json\n[default]\nregion = a",
    "[default]\nregion = a\n[profile default]\n",
    "[profile default]\n[default]\nregion = a",
    "[profile default]\ns3 =\n[default]\nregion = a\n",
    "[profile x]\ns3 =\n  region = a\nregion = b\n",
    "[profile x]\nregion = a\n[services x]\nregion = b\n[profile x]\noutput = json",
    "[profile x]\nregion =\n  region = a\n",
    "[profile x]\nregion = a\nregion =\n",
    // Other kinds of section, also of the same name
    "[sso-session s]\nregion=a\n[services v]\nregion=b\n[profile q]\nregion=e\n[default]\nregion=f\n",
    "[profile x]\nregion = a\n[sso-session x]\nregion = b\nsso_region = c\n",
    // Comments begin at the start of a line or after white space
    "# c\n; c\n[default] # c\nregion = a ; c\n  # c\noutput = b#c\n#cli = d\n",
    "\ufeff[default]\r\nregion = a\r\n[profile x]\r\nregion = b",
  ];
  for (const text of files) {
    assert.deepEqual(foundProfiles(text), await expectedProfiles(text), text);
  }
});

test("names that objects inherit are neither profiles nor settings", () => {
  const profiles = parseConfigFile("[profile x]\noutput = json\n");
  for (const name of ["__proto__", "constructor", "toString"]) {
    assert.equal(profiles.get(name), undefined);
    assert.equal(profiles.get("x")?.get(name), undefined);
  }
});
