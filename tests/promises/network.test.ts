import assert from "node:assert/strict";
import { test } from "node:test";
import { modulesIn, textOf } from "../support/modules.ts";

/** Names that lead to nobody (RFC 2606, RFC 6761), and addresses of this machine and its link. */
const RESERVED =
  /(?:^|\.)(?:example|invalid|test|localhost|example\.(?:com|org|net))$|^(?:127|0|10|169\.254)\.[\d.*]+$|^\[::1\]$/;

/** Names that tests hold against what is derived, or that a fake stands for; nobody calls them. */
const NAMED_ONLY = [
  /(?:^|\.)(?:amazonaws\.com|api\.aws|internal\.amazon\.com)\.*$/,
  /^example\.awsapps\.com$/,
  /^api\.openai\.com$/,
  /(?:^|\.)github(?:usercontent)?\.com$/,
];

/** Returns the hosts of all literal URLs in a text, without its comments. */
function hostsIn(text: string): string[] {
  const code = text.replace(/\/\*[^]*?\*\/|^\s*\/\/.*$/gm, "");
  const urls = code.matchAll(/\b(?:https?|wss?):\/\/(?:[^\s"'`/?#@]*@)?([^\s"'`/?#\\$)<>,]+)/g);
  return [...urls].map(([, host = ""]) => host.toLowerCase().replace(/:\d*$/, ""))
    .filter((host) =>
      host.includes(".") && !host.endsWith("-") && !/^bedrock-runtime\.$/.test(host)
    );
}

test("tests name only reserved hosts, and some that they never contact", async () => {
  const paths = await modulesIn("tests");
  let count = 0;
  for (const path of paths) {
    for (const host of hostsIn(await textOf(path))) {
      count++;
      const isFine = RESERVED.test(host) || NAMED_ONLY.some((each) => each.test(host));
      assert.ok(isFine, `${path} names ${host}`);
    }
  }
  assert.ok(count > 100, `${count} hosts`);
});

test("on Deno, tests may reach this machine only", async () => {
  for (const path of ["tools/runtimes.ts", "tools/fuzz.ts"]) {
    const text = await textOf(path);
    const flags = [...text.matchAll(/--allow-net[^"\s]*/g)].map(([flag]) => flag);
    assert.deepEqual(flags, ["--allow-net=127.0.0.1,localhost"], path);
    assert.doesNotMatch(text, /"(?:-A|--allow-all)"/);
  }
});
