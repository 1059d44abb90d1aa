import assert from "node:assert/strict";
import { Buffer } from "node:buffer";
import fc from "fast-check";
import { bedrock, type DecodedKey, decodeKey, mintKey } from "../../mod.ts";
import { hostile, made } from "./hostile.ts";
import { outcomeOf } from "./outcome.ts";
import { property } from "./property.ts";
import { recorder } from "./recorder.ts";
import { assertSilent, KEYS, SECRETS } from "./secrets.ts";
import { mutated } from "./texts.ts";
import { everyView } from "./views.ts";

const MINTED = await mintKey({ region: "us-west-2", env: {}, ...KEYS });
const URL_IN_KEY = atob(MINTED.key.slice("bedrock-api-key-".length));

const base64 = (text: string) => Buffer.from(text).toString("base64");

/** Keys, whole and with changes, outside and inside their Base64. */
const key = fc.oneof(
  mutated(MINTED.key, `ABSK${SECRETS.apiKey}`, "ABSKQUJD"),
  mutated(URL_IN_KEY).map((url) => `bedrock-api-key-${base64(url)}`),
  mutated("us-west-2").map((region) =>
    `bedrock-api-key-${
      base64(URL_IN_KEY.replace("us-west-2", encodeURIComponent(region.toWellFormed())))
    }`
  ),
  mutated("43200", "900").map((life) =>
    `bedrock-api-key-${
      base64(URL_IN_KEY.replace("=43200", `=${encodeURIComponent(life.toWellFormed())}`))
    }`
  ),
  mutated("20261124T120000Z", "99991231T235959Z", "00000101T000000Z").map((date) =>
    `bedrock-api-key-${
      base64(
        URL_IN_KEY.replace(
          /X-Amz-Date=\w+/,
          `X-Amz-Date=${encodeURIComponent(date.toWellFormed())}`,
        ),
      )
    }`
  ),
  fc.string({ unit: "binary" }),
  fc.string().map((text) => `bedrock-api-key-${text}`),
);

function assertSound(decoded: DecodedKey | undefined): void {
  if (decoded === undefined) return;
  assert.deepEqual(Object.keys(decoded), ["kind", "region", "expiration"]);
  assertSilent(everyView(decoded), "decodeKey()");
  if (decoded.kind === "long-term") return;
  assert.match(decoded.region ?? "", /^[a-z]{2,8}(?:-[a-z0-9]+)+-\d+$/);
  assert.ok(!Number.isNaN(decoded.expiration?.getTime()));
}

property("decodeKey() returns a valid result or undefined for any text", 600, key, (key) => {
  assertSound(decodeKey(key));
});

property(
  "decodeKey() returns undefined for any value that is not a string",
  60,
  hostile,
  (name) => {
    const value = made(name);
    if (typeof value !== "string") assert.equal(decodeKey(value as string), undefined);
  },
);

property(
  "a key of any kind is sent unchanged, or refused without being shown",
  200,
  key,
  async (apiKey) => {
    const { sent, fetch } = recorder();
    const made = await outcomeOf(() => bedrock({ region: "us-west-2", apiKey, env: {}, fetch }));
    const payload = apiKey.replace(/^(?:bedrock-api-key-|ABSK)/, "").trim();
    const isShown = (text: string) => payload.length > 40 && text.includes(payload.slice(0, 40));
    if ("thrown" in made) return assert.ok(!isShown(everyView(made.thrown)));
    const { url, fetch: send, explain } = made.value;
    const response = await send(`${url}/models`);
    assert.ok(!isShown(await response.text() + everyView(await explain())));
    const expected = response.ok ? [`Bearer ${apiKey}`] : [];
    assert.deepEqual(sent.map(({ headers }) => headers.get("authorization")), expected);
  },
);
