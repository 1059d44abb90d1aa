import assert from "node:assert/strict";
import { test } from "node:test";
import type { Outcome } from "../conformance/case.ts";
import { formatHtml } from "../conformance/report/html.ts";
import { formatJson, parseJson } from "../conformance/report/json.ts";
import { judge } from "../conformance/report/judge.ts";
import { formatMarkdown } from "../conformance/report/markdown.ts";
import { matches } from "../conformance/case_pattern.ts";
import { plain } from "../cli/plain.ts";
import type { Expectations, Lane, Report, Run } from "../conformance/report/report.ts";
import { formatText } from "../conformance/report/terminal.ts";

const runtimes = [{ name: "deno", version: "2.9.6" }, { name: "bun", version: "1.4.5" }];
const lane: Lane = { subject: "ours", sdk: "7.0.0", mode: "replay", own: true };
const other: Lane = { subject: "theirs", mode: "replay", own: false };

function outcome(id: string, result: Outcome["result"], more: Partial<Outcome> = {}): Outcome {
  const about = { title: `Title of ${id}`, source: "https://example.org/", own: false };
  return { id, ...about, result, milliseconds: 1, sent: [], ...more };
}

function run(runtime: string, outcomes: Outcome[], ofLane: Lane = lane): Run {
  return { runtime, lane: ofLane, outcomes };
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

test("judge: what holds everywhere is passed, and nothing failed", () => {
  const report = judged([run("deno", [passes]), run("bun", [passes])]);
  assert.deepEqual([report.passed, report.failed, problems(report)], [2, 0, []]);
});

test("judge: a failure of ours that nobody expects is counted", () => {
  const report = judged([run("deno", [passes]), run("bun", [fails])]);
  assert.deepEqual([report.passed, report.failed], [1, 1]);
  assert.match(problems(report).join(), /^bun: Failed/);
});

test("judge: a failure that is expected is neither passed nor failed", () => {
  const runs = [run("deno", [passes]), run("bun", [fails])];
  const report = judged(runs, { bun: { "auth/*": gap("fail") } }, true);
  assert.deepEqual([report.passed, report.failed], [1, 0]);
});

test("judge: an expectation that no longer holds is counted", () => {
  const runs = [run("deno", [passes]), run("bun", [passes])];
  const report = judged(runs, { bun: { "auth/key": gap("fail") } });
  assert.deepEqual([report.passed, report.failed], [1, 1]);
  assert.match(problems(report).join(), /^bun: Expected "fail" \(It is a gap\).* "pass"$/);
});

test("judge: an expectation that no case meets is counted, but only when everything ran", () => {
  const runs = [run("deno", [passes]), run("bun", [passes])];
  const expectations = { bun: { "auth/gone": gap("fail") } };
  assert.equal(judged(runs, expectations).failed, 0);
  assert.match(problems(judged(runs, expectations, true)).join(), /"auth\/gone" on "bun"/);
});

test("judge: an expectation holds only for the subject, version and mode that it names", () => {
  const runs = [run("deno", [passes]), run("bun", [fails])];
  for (const only of [{ subject: "ours, aws" }, { sdk: "6.*" }, { mode: "wire" }]) {
    assert.equal(judged(runs, { bun: { "*": { ...gap("fail"), ...only } } }).failed, 1);
  }
  const list = [{ ...gap("fail"), sdk: "6.*" }, { ...gap("fail"), sdk: "7.*" }];
  assert.equal(judged(runs, { "b*": { "*": list } }).failed, 0);
});

test("judge: a case that did not run on one runtime is missing, whoever's it is", () => {
  for (const each of [lane, other]) {
    const report = judged([run("deno", [passes], each), run("bun", [], each)]);
    assert.equal(report.cells[1]?.result, "missing");
    assert.equal(report.failed, 1);
  }
});

test("judge: a case that had to run and ran nowhere is missing", () => {
  const wanted = [outcome("auth/gone", "pass")];
  const runs = [run("deno", [passes]), run("bun", [passes])];
  const report = judge({ date: "", runtimes, runs, expectations: {}, cases: wanted });
  assert.deepEqual([report.passed, report.failed], [2, 2]);
});

test("judge: a case offered on one runtime must be offered on all, or be expected not to", () => {
  const runs = [run("deno", [passes]), run("bun", [outcome("auth/key", "not offered")])];
  assert.match(problems(judged(runs)).join(), /^bun: Ran on deno but is/);
  assert.equal(judged(runs, { bun: { "auth/key": gap("not offered") } }).failed, 0);
});

test("judge: what a subject offers nowhere is no failure", () => {
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

test("judge: exchanges are kept of those cases only that went otherwise", () => {
  const exchanges = [{ method: "GET", url: "/v1/models", headers: {} }];
  const cases = [{ ...passes, exchanges }];
  const kept = [passes, fails].map((each) => {
    const runs = [run("deno", [each]), run("bun", [each])];
    return judge({ date: "", runtimes, runs, cases, expectations: {} }).cases[0]?.exchanges;
  });
  assert.deepEqual(kept, [undefined, exchanges]);
});

test("judge: failures of others are reported and not counted", () => {
  const runs = [run("deno", [passes]), run("bun", [passes])];
  const report = judged([...runs, run("deno", [fails], other), run("bun", [passes], other)]);
  assert.deepEqual([report.passed, report.failed], [2, 0]);
  assert.equal(report.cells[2]?.result, "fail");
});

test("judge: when nothing ran, that is a failure", () => {
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
  const sent = [{ method: HOSTILE, url: HOSTILE, ...said, answer: { status: 200, ...said } }];
  const bad = outcome(HOSTILE, "fail", { title: HOSTILE, source: HOSTILE, reason: HOSTILE, sent });
  const hostileLane = { subject: HOSTILE, sdk: HOSTILE, mode: HOSTILE, own: true };
  return judge({
    date: HOSTILE,
    runtimes: [{ name: HOSTILE, version: HOSTILE }],
    runs: [run(HOSTILE, [bad], hostileLane)],
    cases: [{ ...bad, answeredBy: HOSTILE, exchanges: sent }],
    expectations: { "*": { "*": { expect: "fail", reason: HOSTILE } } },
  });
}

test("formatHtml: nothing that was said becomes markup", () => {
  const page = formatHtml(hostile());
  assert.doesNotMatch(page, /<script|<img|onerror="/);
  assert.match(page, /&lt;script&gt;alert\(1\)&lt;\/script&gt;/);
  assert.ok(!page.includes("\x1b") && !page.includes("\u202e"));
});

test("formatHtml: the date is told to the minute", () => {
  assert.match(formatHtml(judged([run("deno", [passes])])), / 2026-01-02 03:04 UTC /);
});

test("formatHtml: the page asks for nothing and runs nothing", () => {
  const page = formatHtml(judged([run("deno", [passes]), run("bun", [fails])]));
  assert.match(page, /Content-Security-Policy"\s+content="default-src 'none'/);
  assert.doesNotMatch(page, /<script|@import|url\(|<link(?! rel="icon" href="data:,")| src=/);
});

/** A case that holds on one runtime and not on the other, with its exchanges. */
function otherwise(): Report {
  const sent = [{
    method: "POST",
    url: "https://a.example/",
    headers: { accept: "b" },
    body: "asked",
    answer: { status: 500, headers: { via: "c" }, body: "answered" },
  }];
  const exchange = { method: "GET", url: "/v1/models", headers: {} };
  const exchanges = [{ ...exchange, answer: { status: 200, headers: {} } }];
  return judge({
    date: "2026-01-02T03:04:05Z",
    runtimes,
    runs: [run("deno", [passes]), run("bun", [{ ...fails, sent }])],
    cases: [{ ...passes, answeredBy: "the cassette a/b", exchanges }],
    expectations: {},
  });
}

test("formatHtml: each failing cell leads to what was expected and what happened", () => {
  const page = formatHtml(otherwise());
  const [, anchor] = /<a href="#(failure-\d+)"/.exec(page) ?? [];
  assert.ok(page.includes(`id="${anchor}"`));
  assert.match(page, /Title of auth\/key\n\nSource: https:\/\/example.org\//);
  assert.match(page, /Answered by the cassette a\/b\.\n\n&gt; GET \/v1\/models\n\n&lt; 200<\/pre>/);
  const happened = "Sent nothing\n\n&gt; POST https://a.example/\naccept: b\n\nasked\n\n" +
    "&lt; 500\nvia: c\n\nanswered";
  assert.ok(page.includes(happened));
});

test("formatText: control characters are written as code points", () => {
  const text = formatText(hostile());
  assert.ok(!text.includes("\x1b") && !text.includes("\u202e"));
  assert.ok(text.includes("\\u{1b}[31m"));
});

test("formatText: rows that look alike are one, and problems are told", () => {
  const more = outcome("auth/token", "pass");
  const alike = formatText(judged([run("deno", [passes, more]), run("bun", [passes, more])]));
  assert.match(alike, /^auth\/\* \(2\) +✓ +✓$/m);
  const unlike = formatText(judged([run("deno", [passes, more]), run("bun", [fails, more])]));
  assert.match(unlike, /^auth\/key +✓ +✗$/m);
  assert.match(unlike, /^! {2}auth\/key \(ours, replay; bun\): Failed.*: Sent nothing$/m);
});

test("formatMarkdown: tells dates, versions, own rules and where a case does not hold", () => {
  const mine = outcome("sigv4/mine", "pass", { own: true });
  const page = formatMarkdown(judged([run("deno", [passes, mine]), run("bun", [fails, mine])]));
  assert.match(page, /Made on 2026-01-02\. deno is 2\.9\.6, bun is 1\.4\.5\./);
  assert.match(page, /^\| ours, replay \| 7\.0\.0 \| 2\/2 \| 1\/2 \|$/m);
  assert.match(page, /^\| auth\/key \| ✓; ✗ bun \|$/m);
  assert.match(page, /^\| sigv4\/mine \(own\) \| ✓ \|$/m);
});

test("formatMarkdown: a subject of ours without a client counts, and names no version", () => {
  const plainFetch: Lane = { subject: "ours, fetch", mode: "replay", own: true };
  const runs = ["deno", "bun"].map((name) => run(name, [passes], plainFetch));
  const report = judged(runs);
  assert.equal(report.passed, 2);
  const page = formatMarkdown(report);
  assert.match(page, /^\| ours, fetch, replay \| {2}\| 1\/1 \| 1\/1 \|$/m);
});

test("formatMarkdown: others are not held to rules of our own", () => {
  const mine = outcome("sigv4/mine", "fail", { own: true });
  const runs = ["deno", "bun"].map((name) => run(name, [passes, mine], other));
  assert.match(formatMarkdown(judged(runs)), /^\| theirs, replay \| {2}\| 1\/1 \| 1\/1 \|$/m);
});

test("formatMarkdown: what was said ends no cell and becomes no markup", () => {
  const page = formatMarkdown(hostile());
  assert.doesNotMatch(page, /<script|<img/);
  const rows = page.split("\n").filter((line) => line.startsWith("| "));
  assert.deepEqual(rows.map((row) => row.split("|").length), [5, 5, 5, 4, 4, 4]);
});

test("JSON: what is written is read again, and another version is refused", () => {
  const report = judged([run("deno", [passes]), run("bun", [fails])]);
  assert.deepEqual(parseJson(formatJson(report)), JSON.parse(JSON.stringify(report)));
  assert.throws(() => parseJson('{"version":2}'), /Version is 2, wanted 1/);
});

test("plain: characters that command or deceive are written as code points", () => {
  assert.equal(plain("a\u0000b\u202ec\ud800"), "a\\u{0}b\\u{202e}c\\u{d800}");
  assert.equal(plain("a\nb", "\n"), "a\nb");
});
