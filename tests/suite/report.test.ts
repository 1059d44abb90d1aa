import assert from "node:assert/strict";
import { test } from "node:test";
import type { Outcome } from "../../conformance/case.ts";
import { formatHtml } from "../../conformance/report/html.ts";
import { formatJson, parseJson } from "../../conformance/report/json.ts";
import { judge } from "../../conformance/report/judge.ts";
import { formatMarkdown } from "../../conformance/report/markdown.ts";
import { matches } from "../../conformance/case_pattern.ts";
import { plain } from "../../cli/plain.ts";
import type { Column, Expectations, Report, Run } from "../../conformance/report/report.ts";
import { formatText } from "../../conformance/report/terminal.ts";

const runtimes = [{ name: "deno", version: "2.9.6" }, { name: "bun", version: "1.4.5" }];
const column: Column = { subject: "ours", sdk: "7.0.0", mode: "replay", own: true };
const other: Column = { subject: "theirs", mode: "replay", own: false };

function outcome(id: string, result: Outcome["result"], more: Partial<Outcome> = {}): Outcome {
  const about = { title: `Title of ${id}`, source: "https://example.org/", own: false };
  return { id, ...about, result, milliseconds: 1, sent: [], ...more };
}

function run(runtime: string, outcomes: Outcome[], ofColumn: Column = column): Run {
  return { runtime, column: ofColumn, outcomes };
}

function judged(runs: Run[], expectations: Expectations = {}, complete = false): Report {
  return judge({ date: "2026-01-02T03:04:05Z", runtimes, runs, expectations, complete });
}

function problems({ cells, problems }: Report): string[] {
  const found = cells.filter((cell) => cell.problem !== undefined);
  return [...problems, ...found.map(({ runtime, problem }) => `${runtime}: ${problem}`)];
}

const gap = (expect: "fail" | "not offered") => ({ expect, reason: "It is a gap" });
const passes = outcome("auth/key", "pass");
const fails = outcome("auth/key", "fail", { reason: "Sent nothing" });

test("judge: a case that passes everywhere counts as passed", () => {
  const report = judged([run("deno", [passes]), run("bun", [passes])]);
  assert.deepEqual([report.passed, report.failed, problems(report)], [2, 0, []]);
});

test("judge: an unexpected failure of ours counts as failed", () => {
  const report = judged([run("deno", [passes]), run("bun", [fails])]);
  assert.deepEqual([report.passed, report.failed], [1, 1]);
  assert.match(problems(report).join(), /^bun: Failed/);
});

test("judge: an expected failure counts as neither passed nor failed", () => {
  const runs = [run("deno", [passes]), run("bun", [fails])];
  const report = judged(runs, { bun: { "auth/*": gap("fail") } }, true);
  assert.deepEqual([report.passed, report.failed], [1, 0]);
});

test("judge: an expectation that is no longer met counts as failed", () => {
  const runs = [run("deno", [passes]), run("bun", [passes])];
  const report = judged(runs, { bun: { "auth/key": gap("fail") } });
  assert.deepEqual([report.passed, report.failed], [1, 1]);
  assert.match(problems(report).join(), /^bun: Expected "fail" \(It is a gap\).* "pass"$/);
});

test("judge: an unused expectation counts as failed, but only in a complete run", () => {
  const runs = [run("deno", [passes]), run("bun", [passes])];
  const expectations = { bun: { "auth/gone": gap("fail") } };
  assert.equal(judged(runs, expectations).failed, 0);
  assert.match(problems(judged(runs, expectations, true)).join(), /"auth\/gone" on "bun"/);
});

test("judge: an expectation applies only to the subject, version and mode that it names", () => {
  const runs = [run("deno", [passes]), run("bun", [fails])];
  for (const only of [{ subject: "ours, aws" }, { sdk: "6.*" }, { mode: "wire" }]) {
    assert.equal(judged(runs, { bun: { "*": { ...gap("fail"), ...only } } }).failed, 1);
  }
  const list = [{ ...gap("fail"), sdk: "6.*" }, { ...gap("fail"), sdk: "7.*" }];
  assert.equal(judged(runs, { "b*": { "*": list } }).failed, 0);
});

test("judge: a case that did not run on one runtime is missing, for any subject", () => {
  for (const each of [column, other]) {
    const report = judged([run("deno", [passes], each), run("bun", [], each)]);
    assert.equal(report.cells[1]?.result, "missing");
    assert.equal(report.failed, 1);
  }
});

test("judge: a required case that ran nowhere is missing", () => {
  const wanted = [outcome("auth/gone", "pass")];
  const runs = [run("deno", [passes]), run("bun", [passes])];
  const report = judge({ date: "", runtimes, runs, expectations: {}, cases: wanted });
  assert.deepEqual([report.passed, report.failed], [2, 2]);
});

test("judge: a case offered on one runtime must be offered on all, unless an expectation allows it", () => {
  const runs = [run("deno", [passes]), run("bun", [outcome("auth/key", "not offered")])];
  assert.match(problems(judged(runs)).join(), /^bun: Unexpectedly "not offered" here, though/);
  assert.equal(judged(runs, { bun: { "auth/key": gap("not offered") } }).failed, 0);
});

test("judge: a case that a subject offers nowhere is no failure", () => {
  const none = outcome("auth/key", "not offered");
  assert.equal(judged([run("deno", [none]), run("bun", [none])]).failed, 0);
});

test("judge: a subject that cannot be loaded on a runtime is not offered there", () => {
  const absent = { ...run("bun", []), absent: "Needs a process" };
  const report = judged([run("deno", [passes]), absent]);
  assert.equal(report.failed, 0);
  assert.deepEqual(
    [report.cells[1]?.result, report.cells[1]?.reason],
    ["not offered", "Needs a process"],
  );
});

test("judge: only failed cases keep their exchanges", () => {
  const exchanges = [{ method: "GET", url: "/v1/models", headers: {} }];
  const cases = [{ ...passes, exchanges }];
  const kept = [passes, fails].map((each) => {
    const runs = [run("deno", [each]), run("bun", [each])];
    return judge({ date: "", runtimes, runs, cases, expectations: {} }).cases[0]?.exchanges;
  });
  assert.deepEqual(kept, [undefined, exchanges]);
});

test("judge: failures of others are reported but not counted", () => {
  const runs = [run("deno", [passes]), run("bun", [passes])];
  const report = judged([...runs, run("deno", [fails], other), run("bun", [passes], other)]);
  assert.deepEqual([report.passed, report.failed], [2, 0]);
  assert.equal(report.cells[2]?.result, "fail");
});

test("judge: a run without results is a failure", () => {
  assert.equal(judged([]).failed, 1);
});

test("matches: a star stands for any characters, and every other character for itself", () => {
  assert.ok(matches("auth/*", "auth/key"));
  assert.ok(matches("*", ""));
  assert.ok(!matches("auth/*", "my-auth/key"));
  assert.ok(!matches("a.b", "axb"));
});

const HOSTILE =
  `</pre><script>alert(1)</script><img src=x onerror="alert(1)">'"&|\`\n\x1b[31m\u202e`;

function hostile(): Report {
  const said = { headers: { [HOSTILE]: HOSTILE }, body: HOSTILE };
  const sent = [{ method: HOSTILE, url: HOSTILE, ...said, response: { status: 200, ...said } }];
  const bad = outcome(HOSTILE, "fail", { title: HOSTILE, source: HOSTILE, reason: HOSTILE, sent });
  const hostileColumn = { subject: HOSTILE, sdk: HOSTILE, mode: HOSTILE, own: true };
  return judge({
    date: HOSTILE,
    runtimes: [{ name: HOSTILE, version: HOSTILE }],
    runs: [run(HOSTILE, [bad], hostileColumn)],
    cases: [{ ...bad, responder: HOSTILE, exchanges: sent }],
    expectations: { "*": { "*": { expect: "fail", reason: HOSTILE } } },
  });
}

test("formatHtml: no text becomes markup", () => {
  const page = formatHtml(hostile());
  assert.doesNotMatch(page, /<script|<img|onerror="/);
  assert.match(page, /&lt;script&gt;alert\(1\)&lt;\/script&gt;/);
  assert.ok(!page.includes("\x1b") && !page.includes("\u202e"));
});

test("formatHtml: the date is shown to the minute", () => {
  assert.match(formatHtml(judged([run("deno", [passes])])), / 2026-01-02 03:04 UTC /);
});

test("formatHtml: the page loads nothing and runs no script", () => {
  const page = formatHtml(judged([run("deno", [passes]), run("bun", [fails])]));
  assert.match(page, /Content-Security-Policy"\s+content="default-src 'none'/);
  assert.doesNotMatch(page, /<script|@import|url\(|<link(?! rel="icon" href="data:,")| src=/);
});

/** Creates a report of a case that passes on one runtime and fails on the other. */
function mixed(): Report {
  const sent = [{
    method: "POST",
    url: "https://a.example/",
    headers: { accept: "b" },
    body: "request",
    response: { status: 500, headers: { via: "c" }, body: "response" },
  }];
  const exchange = { method: "GET", url: "/v1/models", headers: {} };
  const exchanges = [{ ...exchange, response: { status: 200, headers: {} } }];
  return judge({
    date: "2026-01-02T03:04:05Z",
    runtimes,
    runs: [run("deno", [passes]), run("bun", [{ ...fails, sent }])],
    cases: [{ ...passes, responder: "the cassette a/b", exchanges }],
    expectations: {},
  });
}

test("formatHtml: each failed cell links to the expected and the actual exchanges", () => {
  const page = formatHtml(mixed());
  const [, anchor] = /<a href="#(failure-\d+)"/.exec(page) ?? [];
  assert.ok(page.includes(`id="${anchor}"`));
  assert.match(page, /Title of auth\/key\n\nSource: https:\/\/example.org\//);
  assert.match(page, /Responder: the cassette a\/b\n\n&gt; GET \/v1\/models\n\n&lt; 200<\/pre>/);
  const actual = "Sent nothing\n\n&gt; POST https://a.example/\naccept: b\n\nrequest\n\n" +
    "&lt; 500\nvia: c\n\nresponse";
  assert.ok(page.includes(actual));
});

test("formatText: control characters are written as code points", () => {
  const text = formatText(hostile());
  assert.ok(!text.includes("\x1b") && !text.includes("\u202e"));
  assert.ok(text.includes("\\u{1b}[31m"));
});

test("formatText: identical rows are shown as one, and problems are listed", () => {
  const more = outcome("auth/token", "pass");
  const alike = formatText(judged([run("deno", [passes, more]), run("bun", [passes, more])]));
  assert.match(alike, /^auth\/\* \(2\) +✓ +✓$/m);
  const unlike = formatText(judged([run("deno", [passes, more]), run("bun", [fails, more])]));
  assert.match(unlike, /^auth\/key +✓ +✗$/m);
  assert.match(
    unlike,
    /^! {2}auth\/key \(ours, replay; bun\): Failed unexpectedly: Sent nothing$/m,
  );
});

test("formatMarkdown: states the date and the versions, and counts by column and by topic", () => {
  const mine = outcome("sigv4/mine", "pass", { own: true });
  const page = formatMarkdown(judged([run("deno", [passes, mine]), run("bun", [fails, mine])]));
  assert.match(page, /Run on 2026-01-02 with deno 2\.9\.6, bun 1\.4\.5\./);
  assert.match(page, /^\| ours \| 7\.0\.0 \| replay \| 2\/2 \| 1\/2 \|$/m);
  assert.match(page, /^\| auth \| 1 \| 0\/1 \|$/m);
  assert.match(page, /^\| sigv4 \| 1 \| 1\/1 \|$/m);
});

test("formatMarkdown: modes and versions with the same counts share a row", () => {
  const columns = (["replay", "wire"] as const).map((mode): Column => ({ ...column, mode }));
  const runs = ["deno", "bun"].flatMap((name) => columns.map((each) => run(name, [passes], each)));
  assert.match(
    formatMarkdown(judged(runs)),
    /^\| ours \| 7\.0\.0 \| replay, wire \| 1\/1 \| 1\/1 \|$/m,
  );
});

test("formatMarkdown: a subject of ours without a client counts, and names no version", () => {
  const plainFetch: Column = { subject: "ours, fetch", mode: "replay", own: true };
  const runs = ["deno", "bun"].map((name) => run(name, [passes], plainFetch));
  const report = judged(runs);
  assert.equal(report.passed, 2);
  assert.match(formatMarkdown(report), /^\| ours, fetch \| {2}\| replay \| 1\/1 \| 1\/1 \|$/m);
});

test("formatMarkdown: others are not held to rules of this project only", () => {
  const mine = outcome("sigv4/mine", "fail", { own: true });
  const runs = ["deno", "bun"].map((name) => run(name, [passes, mine], other));
  assert.match(formatMarkdown(judged(runs)), /^\| theirs \| {2}\| replay \| 1\/1 \| 1\/1 \|$/m);
});

test("formatMarkdown: text from a report cannot end a cell or become markup", () => {
  const page = formatMarkdown(hostile());
  assert.doesNotMatch(page, /<script|<img/);
  const rows = page.split("\n").filter((line) => line.startsWith("| "));
  assert.deepEqual(rows.map((row) => row.split("|").length), [6, 6, 6, 5, 5, 5]);
});

test("JSON: a report can be parsed again, and another version is refused", () => {
  const report = judged([run("deno", [passes]), run("bun", [fails])]);
  assert.deepEqual(parseJson(formatJson(report)), JSON.parse(JSON.stringify(report)));
  assert.throws(() => parseJson('{"version":2}'), /its version is 2, not 1/);
});

test("plain: control and invisible characters are written as code points", () => {
  assert.equal(plain("a\u0000b\u202ec\ud800"), "a\\u{0}b\\u{202e}c\\u{d800}");
  assert.equal(plain("a\nb", "\n"), "a\nb");
});
