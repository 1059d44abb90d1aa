import assert from "node:assert/strict";
import fc from "fast-check";
import { EXAMPLE_CREDENTIALS, mantle } from "../../conformance/mantle/mod.ts";
import { bedrock, type Fetch } from "../../mod.ts";
import { hostile, Hostility, made } from "./hostile.ts";
import { outcomeOf } from "./outcome.ts";
import { property } from "./property.ts";
import { assertContained, recorder } from "./recorder.ts";
import { assertSilent, KEYS, SECRETS } from "./secrets.ts";
import { mutated } from "./texts.ts";
import { everyView, quietly, shown } from "./views.ts";

const name = mutated(
  "x-custom",
  "authorization",
  "Authorization",
  "host",
  "x-amz-date",
  "x-amz-security-token",
  "x-amz-content-sha256",
  "x-amz-meta-a",
  "content-type",
  "accept",
  "openai-beta",
);
const value = mutated(
  "a",
  "Bearer placeholder",
  "application/json",
  "  a  b ",
  "é",
  "text/plain;a=b",
);
const pairs = fc.array(fc.tuple(name, value), { maxLength: 4 });
const form = fc.constantFrom("pairs", "record", "Headers");
const method = mutated("GET", "POST", "delete", "PATCH", "QUERY");

const BASE = { region: "us-west-2", endpoint: "mantle", env: {} } as const;
const URL_BELOW = "https://bedrock-mantle.us-west-2.api.aws/openai/v1/models";

/** Tells whether the platform itself refuses a call. */
async function isRefusedByPlatform(url: string, init: RequestInit): Promise<boolean> {
  return "thrown" in await outcomeOf(() => new Request(url, init));
}

/** Asserts that a call ended in a response, or in what the platform throws for such a call. */
async function assertAsPlatform(send: Fetch, url: string, init: RequestInit): Promise<void> {
  const outcome = await quietly(() => outcomeOf(() => send(url, init)));
  if ("value" in outcome) return assertSilent(await outcome.value.text(), "the response");
  assertSilent(everyView(outcome.thrown), "the error");
  if (outcome.thrown instanceof Hostility) return;
  const isRefused = await isRefusedByPlatform(url, init);
  assert.ok(isRefused, `only we refuse it: ${shown(outcome.thrown)}`);
}

function headersIn(form: string, pairs: readonly (readonly [string, string])[]): HeadersInit {
  if (form === "record") return Object.fromEntries(pairs);
  const copied = pairs.map(([name, value]): [string, string] => [name, value]);
  return form === "pairs" ? copied : new Headers(copied);
}

property(
  "headers of any kind are sent with our Authorization only, or refused as by fetch",
  300,
  fc.tuple(pairs, form, fc.boolean()),
  async ([pairs, form, signed]) => {
    const { sent, fetch } = recorder();
    const headers = await outcomeOf(() => headersIn(form, pairs));
    if ("thrown" in headers) return;
    const way = bedrock({ ...BASE, fetch, ...signed ? KEYS : { apiKey: SECRETS.apiKey } });
    await assertAsPlatform(way.fetch, URL_BELOW, { headers: headers.value });
    assertContained(sent, new URL(way.url).origin);
    for (const { headers } of sent) {
      const authorization = headers.get("authorization") ?? "";
      assert.ok(!authorization.includes("placeholder"), authorization);
      assert.equal(headers.has("x-amz-security-token"), signed);
    }
  },
);

property(
  "a signed request with headers, a path and a query of any kind is accepted by the local server",
  120,
  fc.tuple(pairs, mutated("/a b/c", "/responses", "/x?a=b&c=d+e&f", "/%2F?=&%")),
  async ([pairs, path]) => {
    const server = mantle({ region: "us-west-2", credentials: [EXAMPLE_CREDENTIALS] });
    const fetch: Fetch = async (input, init) => await server(new Request(input, init));
    const way = bedrock({ ...BASE, fetch, ...EXAMPLE_CREDENTIALS });
    const outcome = await outcomeOf(() =>
      way.fetch(`https://bedrock-mantle.us-west-2.api.aws/openai/v1${path}`, {
        headers: pairs as [string, string][],
      })
    );
    if ("thrown" in outcome) return;
    const text = await outcome.value.text();
    assert.ok(![401, 403].includes(outcome.value.status), text);
  },
);

property(
  "a method and a body of any kind lead to a response, or are refused as by fetch",
  200,
  fc.record({
    method: fc.oneof(method, hostile.map((hostile) => ({ hostile }))),
    body: hostile,
    signed: fc.boolean(),
  }),
  async ({ method, body, signed }) => {
    const { sent, fetch } = recorder();
    const way = bedrock({ ...BASE, fetch, ...signed ? KEYS : { apiKey: SECRETS.apiKey } });
    const init = {
      method: typeof method === "string" ? method : made(method.hostile),
      body: made(body),
    } as RequestInit;
    await assertAsPlatform(way.fetch, URL_BELOW, init);
    assertContained(sent, new URL(way.url).origin);
  },
);
