import assert from "node:assert/strict";
import { readdirSync, readFileSync } from "node:fs";
import { test } from "node:test";
import Ajv from "ajv/dist/2020.js";
import { CASSETTES } from "../../conformance/cassettes/mod.ts";
import { MODES, playThrough } from "../support/cassette_player.ts";
import type { Mode } from "../support/cassette_player.ts";

const FOLDER = new URL("../../conformance/cassettes/", import.meta.url);
const SCHEMA = JSON.parse(readFileSync(new URL("schema.json", FOLDER), "utf8"));
const IDS = readdirSync(FOLDER, { recursive: true, encoding: "utf8" })
  .map((path) => path.replaceAll("\\", "/"))
  .filter((path) => path.includes("/") && path.endsWith(".json"))
  .map((path) => path.slice(0, -".json".length)).sort();
const textOf = (id: string) => readFileSync(new URL(`${id}.json`, FOLDER), "utf8");

const isCassette = new Ajv.default({ strictTypes: false, strictTuples: false }).compile(SCHEMA);

test("every file is loaded under its path, and nothing else", () => {
  assert.deepEqual([...CASSETTES.keys()].toSorted(), IDS);
  for (const id of IDS) assert.deepEqual(CASSETTES.get(id), JSON.parse(textOf(id)), id);
});

test("every cassette matches the schema", () => {
  for (const [id, cassette] of CASSETTES) {
    assert.ok(isCassette(cassette), `${id}: ${JSON.stringify(isCassette.errors)}`);
  }
});

test("every field that the schema names is described", () => {
  const bare: string[] = [];
  const visit = (schema: Record<string, unknown>, path: string) => {
    if (!("description" in schema) && !("$ref" in schema)) bare.push(path);
    for (const [name, field] of Object.entries(schema.properties ?? {})) {
      visit(field, `${path}.${name}`);
    }
  };
  visit(SCHEMA, "cassette");
  for (const [name, definition] of Object.entries(SCHEMA.$defs)) {
    visit(definition as Record<string, unknown>, name);
  }
  assert.deepEqual(bare, []);
});

const REQUEST = { method: "GET", path: "/v1/models" };
const RESPONSE = { status: 200, headers: [["content-type", "application/json"]] };
const CHUNK = { afterMs: 0, text: "data: 1\n\n" };

function cassetteWith(request: unknown, response: unknown, rest = {}): unknown {
  return {
    version: 1,
    title: "Something happens",
    source: { kind: "synthetic", reference: "a test", date: "2026-11-23" },
    region: "us-west-2",
    endpoint: "mantle",
    exchanges: [{ request, response }],
    ...rest,
  };
}

test("the schema accepts the smallest cassette, and refuses invalid ones", () => {
  assert.ok(isCassette(cassetteWith(REQUEST, RESPONSE)));
  assert.ok(isCassette(cassetteWith(REQUEST, { ...RESPONSE, chunks: [CHUNK], end: "abort" })));
  const source = { kind: "synthetic", reference: "a test", date: "2026-11-23" };
  const faults: Record<string, unknown> = {
    "another version": cassetteWith(REQUEST, RESPONSE, { version: 2 }),
    "a version as text": cassetteWith(REQUEST, RESPONSE, { version: "1" }),
    "no exchange": cassetteWith(REQUEST, RESPONSE, { exchanges: [] }),
    "another kind": cassetteWith(REQUEST, RESPONSE, { source: { ...source, kind: "real" } }),
    "no reference": cassetteWith(REQUEST, RESPONSE, { source: { ...source, reference: "" } }),
    "no such month": cassetteWith(REQUEST, RESPONSE, { source: { ...source, date: "2026-13" } }),
    "another endpoint": cassetteWith(REQUEST, RESPONSE, { endpoint: "agent" }),
    "no Region": cassetteWith(REQUEST, RESPONSE, { region: "west" }),
    "an unknown field": cassetteWith(REQUEST, RESPONSE, { speed: 1 }),
    "an absolute URL": cassetteWith({ ...REQUEST, path: "https://a.example/v1" }, RESPONSE),
    "a lower-case method": cassetteWith({ ...REQUEST, method: "get" }, RESPONSE),
    "a way around authentication": cassetteWith({ ...REQUEST, skipAuthentication: true }, RESPONSE),
    "an unset mark": cassetteWith({ ...REQUEST, unauthenticated: false }, RESPONSE),
    "a secret header": cassetteWith({ ...REQUEST, headers: [["authorization", "x"]] }, RESPONSE),
    "a header of three": cassetteWith({ ...REQUEST, headers: [["a", "b", "c"]] }, RESPONSE),
    "a header on two lines": cassetteWith(REQUEST, { ...RESPONSE, headers: [["a", "b\nc: d"]] }),
    "two bodies": cassetteWith({ ...REQUEST, body: { json: 1, text: "1" } }, RESPONSE),
    "no body in a body": cassetteWith({ ...REQUEST, body: {} }, RESPONSE),
    "a form as a response": cassetteWith(REQUEST, { ...RESPONSE, body: { form: {} } }),
    "a body and chunks": cassetteWith(REQUEST, { ...RESPONSE, body: { text: "" }, chunks: [] }),
    "an end without chunks": cassetteWith(REQUEST, { ...RESPONSE, end: "abort" }),
    "another end": cassetteWith(REQUEST, { ...RESPONSE, chunks: [CHUNK], end: "stall" }),
    "a chunk without a time": cassetteWith(REQUEST, { ...RESPONSE, chunks: [{ text: "" }] }),
    "a chunk before its time": cassetteWith(REQUEST, {
      ...RESPONSE,
      chunks: [{ ...CHUNK, afterMs: -1 }],
    }),
    "not base64": cassetteWith(REQUEST, { ...RESPONSE, body: { base64: "a" } }),
    "an informational status": cassetteWith(REQUEST, { ...RESPONSE, status: 101 }),
  };
  for (const [fault, value] of Object.entries(faults)) assert.ok(!isCassette(value), fault);
});

test("nothing that was made by hand is called recorded", () => {
  const kinds = new Set([...CASSETTES.values()].map(({ source }) => source.kind));
  assert.deepEqual(kinds, new Set(["observed", "synthetic"]));
});

for (const mode of Object.keys(MODES) as Mode[]) {
  test(`every cassette plays from first to last through bedrock().fetch by ${mode}`, async () => {
    for (const [id, cassette] of CASSETTES) {
      await playThrough(cassette, mode).catch((cause) => {
        throw new Error(`${id} does not play`, { cause });
      });
    }
  });
}
