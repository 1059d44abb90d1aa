import assert from "node:assert/strict";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { tmpdir } from "node:os";
import { join } from "node:path";
import process from "node:process";
import { after, test } from "node:test";
import { inspect, isDeepStrictEqual } from "node:util";
import type { ClientOptions } from "openai";
import { bedrock as aws } from "../../aws.ts";
import { bedrock as mod, BedrockError } from "../../mod.ts";
import {
  AWS_FILES,
  type Deviation,
  DEVIATIONS,
  type Group,
  GROUPS,
  merge,
  type Pair,
  type Setting,
} from "../support/parity_cases.ts";

// By `require`, as Deno without a lock file would import one of the older copies instead
const require = createRequire(import.meta.url);
const { VERSION } = require("openai/version") as typeof import("openai/version");
const { OpenAI, OpenAIError } = require("openai") as typeof import("openai");
const { bedrock: officialMod } = require(
  "openai/providers/bedrock",
) as typeof import("openai/providers/bedrock");
const { bedrock: officialAws } = require(
  "openai/providers/bedrock/aws",
) as typeof import("openai/providers/bedrock/aws");

/** The outcome of a combination: a request, or a refusal. */
type Outcome = { readonly refused: true } | {
  readonly url: string;
  readonly mode: "bearer" | "sigv4";
  /** The token or the access key id. */
  readonly identity: string;
  readonly session?: string;
  readonly region?: string;
  readonly service?: string;
};

type Bedrock = (options: object) => ClientOptions["provider"];

const PAIRS: Record<Pair, { readonly ours: Bedrock; readonly official: Bedrock }> = {
  aws: { ours: aws, official: officialAws },
  mod: { ours: mod, official: officialMod },
  keys: { ours: mod, official: officialAws },
};

const SIGNED =
  /^AWS4-HMAC-SHA256 Credential=(.+)\/\d{8}\/([^/]+)\/([^/]+)\/aws4_request, SignedHeaders=/;

const folder = mkdtempSync(join(tmpdir(), "parity-"));
after(() => rmSync(folder, { recursive: true }));
const SURROUNDINGS = {
  HOME: mkdtempSync(join(folder, "home-")),
  AWS_EC2_METADATA_DISABLED: "true",
  AWS_CONFIG_FILE: join(folder, "config"),
  AWS_SHARED_CREDENTIALS_FILE: join(folder, "credentials"),
};
writeFileSync(SURROUNDINGS.AWS_CONFIG_FILE, AWS_FILES.config);
writeFileSync(SURROUNDINGS.AWS_SHARED_CREDENTIALS_FILE, AWS_FILES.credentials);

type Variables = Record<string, string | undefined>;

/** Sets variables, deletes those that are undefined, and returns what there was before. */
function exchangeVariables(variables: Variables): Variables {
  const before: Variables = {};
  for (const [name, value] of Object.entries(variables)) {
    before[name] = process.env[name];
    if (value === undefined) delete process.env[name];
    else process.env[name] = value;
  }
  return before;
}

/** Makes one request with what a combination sets, and tells what was sent, if anything. */
async function outcome(
  bedrock: Bedrock,
  refusals: readonly (new (...parameters: never[]) => Error)[],
  { options = {}, env }: Setting,
): Promise<Outcome> {
  const inherited = Object.keys(process.env).filter((name) => /^(AWS|OPENAI)_/.test(name));
  const cleared = Object.fromEntries(inherited.map((name) => [name, undefined]));
  const before = exchangeVariables({ ...cleared, ...SURROUNDINGS, ...env });
  const sent: Outcome[] = [];
  const fetch = async (url: string | URL | Request, init?: RequestInit) => {
    sent.push(readRequest(String(url), new Headers(init?.headers)));
    return Response.json({});
  };
  try {
    const client = new OpenAI({ provider: bedrock(options), fetch, maxRetries: 0 });
    await client.post("/responses", { body: {} });
  } catch (error) {
    if (sent.length > 0 || !refusals.some((refusal) => error instanceof refusal)) throw error;
    return { refused: true };
  } finally {
    exchangeVariables(before);
  }
  assert.equal(sent.length, 1);
  return sent[0]!;
}

function readRequest(url: string, headers: Headers): Outcome {
  const authorization = headers.get("authorization") ?? "";
  if (authorization.startsWith("Bearer ")) {
    return { url, mode: "bearer", identity: authorization.slice("Bearer ".length) };
  }
  const [, identity, region, service] = SIGNED.exec(authorization) ?? [];
  assert.ok(identity, `no known authorization: ${authorization}`);
  const session = headers.get("x-amz-security-token") ?? undefined;
  return { url, mode: "sigv4", identity, session, region, service };
}

/** The outcomes of one combination on both sides. */
interface Comparison {
  readonly name: string;
  readonly ours: Outcome;
  readonly official: Outcome;
}

async function compare(pair: Pair, name: string, ours: Setting, official = ours) {
  const label = `${pair}: ${name}`;
  try {
    return {
      name: label,
      ours: await outcome(PAIRS[pair].ours, [BedrockError], ours),
      // Which lets some errors of `new URL` and `Headers` pass as they are
      official: await outcome(PAIRS[pair].official, [OpenAIError, TypeError], official),
    };
  } catch (cause) {
    throw new Error(`no outcome of ${label}`, { cause });
  }
}

/** Compares every combination; `like` adds to what is set on the official side. */
async function compareAll(
  { pairs, combinations }: Group,
  like: Setting = {},
): Promise<Comparison[]> {
  const comparisons = [];
  for (const pair of pairs) {
    for (const [name, setting] of Object.entries(combinations)) {
      comparisons.push(await compare(pair, name, setting, merge(setting, like)));
    }
  }
  return comparisons;
}

function assertSame(comparisons: readonly Comparison[]): void {
  const different = comparisons.filter((each) => kind(each) !== "same");
  assert.equal(different.length, 0, different.map(describe).join("\n"));
}

/** Compares our outcome with the official one. */
function kind({ ours, official }: Comparison): "same" | Deviation["ours"] {
  if (isDeepStrictEqual(ours, official)) return "same";
  return "refused" in ours ? "refuses" : "refused" in official ? "accepts" : "changes";
}

function describe({ name, ours, official }: Comparison): string {
  return `${name}\n  ours: ${inspect(ours)}\n  official ${VERSION}: ${inspect(official)}`;
}

for (const group of GROUPS) {
  test(group.claim, async () => {
    const comparisons = await compareAll(group);
    assertSame(comparisons);
    const refused = comparisons.filter(({ ours }) => "refused" in ours);
    assert.ok(refused.length > 0 && refused.length < comparisons.length, "nothing to tell apart");
  });
}

for (const deviation of DEVIATIONS) {
  test(deviation.claim, async () => {
    const comparisons = await compareAll(deviation);
    const stale = comparisons.filter((each) => kind(each) !== deviation.ours);
    const lines = stale.map(describe).join("\n");
    assert.equal(stale.length, 0, `not so any more (${deviation.reason}):\n${lines}`);
    assert.ok(comparisons.length > 0, "no combination");
    if (deviation.like) assertSame(await compareAll(deviation, deviation.like));
  });
}
