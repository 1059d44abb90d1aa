import assert from "node:assert/strict";
import { test } from "node:test";
import { plain } from "../../cli/plain.ts";
import { eventTypes } from "../../conformance/live/shape.ts";
import { createMask } from "../../conformance/masking.ts";
import { SECRETS } from "../properties/secrets.ts";
import { parseConfigFile } from "../../src/aws/ini.ts";
import { findReason } from "../../src/aws/reasons.ts";
import { readClaims } from "../../src/sts/claims.ts";
import { maskSecrets } from "../../src/sts/mask.ts";
import { elementText } from "../../src/sts/xml.ts";
import { excessiveGrowth } from "../support/growth.ts";
import { modulesIn, textOf as fileOf } from "../support/modules.ts";
import { attacksOn, regularExpressions, textOf } from "../support/regular_expressions.ts";

const FOLDERS = ["src", "cli", "proxy", "loopback", "conformance", "examples"];
const ENTRIES = ["mod.ts", "aws.ts", "openai.ts", "sts.ts", "cli.ts"];

/** Cases look at texts of the suite's own. */
const OWN_TEXTS = "conformance/cases/";

/** Those that are made of what is given, and of what that is. */
const MADE: Readonly<Record<string, string>> = {
  "src/options.ts": "the pattern of a route, which the program gives",
  "conformance/case_pattern.ts": "the pattern of a case, which the command line gives",
};

function growthOf(pattern: RegExp, splits: boolean): string | undefined {
  const use = splits
    ? (text: string) => text.split(pattern)
    : pattern.global
    ? (text: string) => text.replace(pattern, "")
    : (text: string) => pattern.exec(text);
  for (const attack of attacksOn(pattern)) {
    const growth = excessiveGrowth((length) => textOf(attack, length), use);
    if (growth !== undefined) return `${growth} of ${JSON.stringify(attack)}`;
  }
}

test("no regular expression takes more than three times as long for twice as much text", async () => {
  const paths = [...ENTRIES, ...(await Promise.all(FOLDERS.map(modulesIn))).flat()]
    .filter((path) => !path.startsWith(OWN_TEXTS));
  const found = (await Promise.all(paths.map(async (path) => {
    return regularExpressions(path, await fileOf(path));
  }))).flat();
  assert.ok(found.length > 150, `${found.length} regular expressions`);
  const made = found.filter(({ pattern }) => pattern === undefined).map(({ path }) => path);
  assert.deepEqual([...new Set(made)].toSorted(), Object.keys(MADE).toSorted());

  const problems = found.flatMap(({ path, line, pattern, splits }) => {
    if (pattern === undefined) return [];
    const growth = growthOf(pattern, splits);
    return growth === undefined ? [] : [`${path}:${line} ${pattern}: ${growth}`];
  });
  assert.deepEqual(problems, []);
});

test("the search finds the regular expressions of a file, and no others", () => {
  const found = (code: string) =>
    regularExpressions("a.ts", code).map(({ pattern, splits }) => [`${pattern}`, splits]);
  assert.deepEqual(found("const a = b / c / d; // /x+$/\n/* /y/ */ const e = '/z/' + `/z/`;"), []);
  assert.deepEqual(found("if (/[/]\\/+$/g.test(text)) return /b/;"), [
    ["/[/]\\/+$/g", false],
    ["/b/", false],
  ]);
  assert.deepEqual(found("`${`}${text.split(/,*;/)}`} /c/ ${/d/}`"), [["/,*;/", true], [
    "/d/",
    false,
  ]]);
  const made = 'const SPACE = "\\\\s+";\nconst c = new RegExp(`(${SPACE})$`, "g");';
  assert.deepEqual(found(made), [["/(\\s+)$/g", false]]);
  assert.deepEqual(found("new RegExp(given)"), [["undefined", false]]);
});

test("the search notices quadratic and worse growth", () => {
  for (const pattern of [/\/+$/, /^(?:\w+,?)+$/, /(?:\\.|[^'])*'x/]) {
    assert.ok(growthOf(pattern, false), `${pattern}`);
  }
});

/** Functions that read text from outside with more than one regular expression. */
const READERS: Readonly<Record<string, (text: string) => unknown>> = {
  masking: createMask([SECRETS.apiKey]),
  plain,
  eventTypes,
  parseConfigFile,
  findReason,
  maskSecrets: (text) => maskSecrets(text, [SECRETS.apiKey]),
  elementText: (text) => elementText(text, "Message"),
  readClaims,
};

const PUMPS = [
  ..."a0 \n\\%&=[{\"'",
  ...[
    "\\u0061",
    "%25",
    "&#x61;",
    "YWJj",
    "61",
    "61:",
    "eyJ-",
    "AKIA",
    "[x]\n",
    "[x]\na=b\n",
    "a=\n b=",
  ],
  ...[
    '{"a":',
    'data: {"a":"b"}\n\n',
    "data: ",
    "\r\n\r\n",
    "\x1b",
    "\u202e",
    "SSO session ",
    "q7Zx8Kd4",
  ],
];

for (const [name, read] of Object.entries(READERS)) {
  test(`${name}() takes at most three times as long for twice as much text`, () => {
    for (const pump of PUMPS) {
      const growth = excessiveGrowth((length) => textOf(["", pump, "!"], length), read);
      assert.equal(growth, undefined, `of ${JSON.stringify(pump)}`);
    }
  });
}
