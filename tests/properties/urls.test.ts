import assert from "node:assert/strict";
import fc from "fast-check";
import OpenAI from "openai";
import { bedrock, type BedrockProviderOptions } from "../../mod.ts";
import { outcomeOf, valueOrRefusal } from "./outcome.ts";
import { property } from "./property.ts";
import { assertContained, recorder } from "./recorder.ts";
import { assertSilent, KEYS, SECRETS } from "./secrets.ts";
import { mutated } from "./texts.ts";
import { everyView, quietly } from "./views.ts";

const REGIONS = ["us-west-2", "us-gov-west-1", "cn-north-1", "us-isof-south-1", "eusc-de-east-1"];
const NO_REGIONS = [
  "us-west.evil.example/a-2",
  "us-west-2.evil.example/-1",
  "us-west@evil.example-2",
  "us-west:8443/a-2",
  "us-west-2\n",
];
const ENDPOINTS = ["mantle", "runtime"] as const;

/** The suffixes of AWS's hosts, each with the labels before it. */
const AWS_HOST =
  /^(?:bedrock-mantle\.[a-z0-9-]+\.api\.aws|bedrock-runtime\.[a-z0-9-]+\.(?:amazonaws\.com(?:\.cn)?|amazonaws\.eu|c2s\.ic\.gov|sc2s\.sgov\.gov|cloud\.adc-e\.uk|csp\.hci\.ic\.gov))$/;

const baseURL = mutated(
  "https://gateway.example/v1",
  "https://gateway.example:8443/a/b/openai/v1/",
  "https://bedrock-mantle.us-west-2.api.aws/openai/v1",
  "https://bedrock-runtime.us-west-2.amazonaws.com/openai/v1",
  "https://bedrock-runtime-fips.us-gov-west-1.amazonaws.com/openai/v1/responses",
  "http://127.0.0.1:8080/v1",
  "http://localhost/v1",
  "http://gateway.example/v1",
  "http://127.0.0.1.evil.example/v1",
  "http://[::1]:8080/v1",
  `https://user:${SECRETS.password}@gateway.example/v1`,
  `https://gateway.example/v1?token=${SECRETS.password}#${SECRETS.password}`,
);

const requestURL = mutated(
  "https://gateway.example/v1/responses",
  "https://gateway.example/v1/files/file-1/content?a=b&c=d",
  "https://gateway.example.evil.example/v1",
  "https://evil.example/v1/responses",
  "http://gateway.example/v1/responses",
  "//evil.example/v1",
  "/v1/responses",
  "blob:https://gateway.example/4f2c",
  "data:text/plain,x",
  "file:///v1",
  `https://user:${SECRETS.password}@gateway.example/v1`,
);

const path = mutated(
  "/models",
  "/responses/resp_1/input_items?after=item_1",
  "/../../openai/v1/models",
  "//evil.example/v1",
  "https://evil.example/v1",
  "@evil.example/models",
  ".evil.example/models",
);

const AUTHS: readonly BedrockProviderOptions[] = [{ apiKey: SECRETS.apiKey }, KEYS];
const auth = fc.constantFrom(...AUTHS);

property(
  "a region forms a host of AWS, or is refused",
  300,
  fc.tuple(mutated(...REGIONS, ...NO_REGIONS), fc.constantFrom(...ENDPOINTS)),
  async ([region, endpoint]) => {
    const options = { region, endpoint, apiKey: SECRETS.apiKey, env: {} };
    const way = await valueOrRefusal(() => bedrock(options));
    if (!way) return;
    const { protocol, host, pathname } = new URL(way.url);
    assert.equal(protocol, "https:");
    assert.match(host, AWS_HOST);
    assert.equal(host.split(".")[1], region.trim());
    assert.equal(pathname, "/openai/v1");
  },
);

property(
  "a base URL leads to its own origin, or is refused",
  200,
  fc.tuple(baseURL, auth),
  async ([baseURL, auth]) => {
    const { sent, fetch } = recorder();
    const options = { baseURL, endpoint: "mantle", region: "us-west-2", env: {}, fetch } as const;
    await quietly(async () => {
      const way = await valueOrRefusal(() => bedrock({ ...options, ...auth }));
      if (!way) return;
      const url = new URL(way.url);
      assert.equal(url.origin, new URL(baseURL.trim()).origin);
      assert.equal(url.username + url.password + url.search + url.hash, "");
      assert.ok(
        url.protocol === "https:" || /^(?:localhost|127\.[\d.]+|\[::1\])$/.test(url.hostname),
      );
      assertSilent(await (await way.fetch(`${way.url}/models`)).text(), "the response");
      assertContained(sent, url.origin);
    });
  },
);

property(
  "a request goes to the origin of the base URL, or nowhere",
  300,
  fc.tuple(requestURL, auth, fc.constantFrom("text", "URL", "Request")),
  async ([url, auth, form]) => {
    const { sent, fetch } = recorder();
    const baseURL = "https://gateway.example/v1";
    const way = bedrock({
      baseURL,
      region: "us-west-2",
      endpoint: "mantle",
      env: {},
      fetch,
      ...auth,
    });
    const make = () => form === "text" ? url : form === "URL" ? new URL(url) : new Request(url);
    const input = await outcomeOf(make);
    if ("thrown" in input) return;
    await quietly(async () => {
      const response = await way.fetch(input.value);
      assertSilent(await response.text(), "the response");
      assert.equal(sent.length, response.ok ? 1 : 0);
    });
    assertContained(sent, "https://gateway.example");
  },
);

property(
  "a path leads the OpenAI client to the origin of the base URL, or nowhere",
  80,
  fc.tuple(path, auth, fc.constantFrom("provider", "whole"), fc.boolean()),
  async ([path, auth, form, derived]) => {
    const { sent, fetch } = recorder();
    const where = derived
      ? {}
      : { baseURL: "https://gateway.example/v1", endpoint: "mantle" as const };
    const whole = bedrock({ ...where, region: "us-west-2", env: {}, fetch, ...auth });
    const client = form === "whole"
      ? new OpenAI({ ...whole, maxRetries: 0 })
      : new OpenAI({ provider: whole, fetch, maxRetries: 0 });
    await quietly(async () => {
      const outcome = await outcomeOf(async () => await client.get(path));
      assertSilent(everyView("thrown" in outcome ? outcome.thrown : ""), "the error");
    });
    assertContained(sent, new URL(whole.url).origin);
  },
);

property(
  "no change of a client's base URL leads to another origin",
  40,
  fc.tuple(requestURL, auth),
  async ([baseURL, auth]) => {
    const { sent, fetch } = recorder();
    const way = bedrock({ region: "us-west-2", env: {}, fetch, ...auth });
    const client = new OpenAI({ ...way, maxRetries: 0 });
    client.baseURL = baseURL;
    await outcomeOf(async () => await client.models.list());
    assertContained(sent, new URL(way.url).origin);
  },
);
