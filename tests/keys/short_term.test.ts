import assert from "node:assert/strict";
import { test } from "node:test";
import { getToken } from "@aws/bedrock-token-generator";
import fc from "fast-check";
import { decodeKey } from "../../mod.ts";
import { planMinting } from "../../src/keys/minting.ts";
import { mintShortTermKey } from "../../src/keys/short_term.ts";
import { webDigest } from "../../src/platform/digest.ts";
import { PLATFORM } from "../../src/platform/platform.ts";
import { assertRefusal, SECRET } from "../support/refusal.ts";

const KEYS = { accessKeyId: "AKIDEXAMPLE", secretAccessKey: SECRET };
const NOW = Date.parse("2030-01-01T12:00:00.750Z");
const HOUR = 3600;

/**
 * Runs with the clock of the whole process at an instant, which AWS's generator takes no other
 * way.
 */
async function at<T>(instant: number, run: () => Promise<T>): Promise<T> {
  const RealDate = Date;
  globalThis.Date = class extends RealDate {
    constructor(...values: unknown[]) {
      super(...(values.length ? values : [instant]) as [number]);
    }
    static override now = () => instant;
  } as typeof Date;
  try {
    return await run();
  } finally {
    globalThis.Date = RealDate;
  }
}

const printable = fc.string({
  unit: fc.integer({ min: 0x21, max: 0x7e }).map((code) => String.fromCharCode(code)),
  minLength: 1,
  maxLength: 60,
});

test("a key equals that of AWS's own generator byte for byte", async () => {
  const regions = fc.constantFrom("us-west-2", "eu-central-1", "us-gov-east-1", "ap-southeast-7");
  const instants = fc.integer({ min: 0, max: Date.parse("2100-01-01T00:00:00Z") });
  const property = fc.asyncProperty(
    fc.record({
      accessKeyId: printable,
      secretAccessKey: printable,
      sessionToken: fc.option(printable, { nil: undefined }),
    }),
    regions,
    fc.integer({ min: 1, max: 43_200 }),
    instants,
    async (credentials, region, expiresInSeconds, now) => {
      const theirs = await at(now, () => getToken({ credentials, region, expiresInSeconds }));
      const ours = await mintShortTermKey(credentials, region, {
        expiresInSeconds,
        now,
        digest: webDigest,
      });
      assert.equal(ours.key, theirs);
      const { expiration } = ours;
      assert.deepEqual(decodeKey(theirs), { kind: "short-term", region, expiration });
    },
  );
  await fc.assert(property, { numRuns: 50 });
});

test("a key is valid for twelve hours by default, as from AWS's generator", async () => {
  const options = { ...KEYS, sessionToken: "session//+==", region: "us-west-2" };
  const world = { ...PLATFORM, now: () => NOW };
  const { key, expiration } = await planMinting(options, undefined, world).mintKey();
  const { region } = options;
  assert.equal(key, await at(NOW, () => getToken({ credentials: options, region })));
  assert.deepEqual(expiration, new Date("2030-01-02T00:00:00Z"));
});

test("a key expires no later than its credentials", async () => {
  const mint = (seconds: number) =>
    mintShortTermKey({ ...KEYS, expiration: new Date(NOW + seconds * 1000) }, "us-west-2", {
      expiresInSeconds: HOUR,
      now: NOW,
      digest: webDigest,
    });
  for (const [seconds, life] of [[10 * HOUR, HOUR], [900, 900], [1.5, 2]] as const) {
    const { key, expiration } = await mint(seconds);
    assert.equal(expiration.getTime(), Math.floor(NOW / 1000) * 1000 + life * 1000);
    assert.deepEqual(decodeKey(key)?.expiration, expiration);
  }
  for (const seconds of [-HOUR, 0, 0.2]) {
    const error = await mint(seconds).catch((error: unknown) => error);
    assertRefusal(error, "credentials_invalid", "expired at 2030-01-01T");
  }
});

test("decodeKey() recognizes a long-term key by its form", () => {
  const key = `ABSK${btoa(`BedrockAPIKey-abcd-at-123456789012:${SECRET}`)}`;
  const found = decodeKey(key);
  assert.deepEqual(found, { kind: "long-term", region: undefined, expiration: undefined });
});

const PRESIGNED = "bedrock.amazonaws.com/?Action=CallWithBearerToken&" +
  "X-Amz-Credential=AKID%2F20300101%2Fus-west-2%2Fbedrock%2Faws4_request&" +
  "X-Amz-Date=20300101T120000Z&X-Amz-Expires=60";
const shortTerm = (url: string) => `bedrock-api-key-${btoa(url)}`;

test("decodeKey() returns undefined for anything that is not a key", () => {
  const expiration = new Date("2030-01-01T12:01:00Z");
  const decoded = { kind: "short-term", region: "us-west-2", expiration };
  assert.deepEqual(decodeKey(shortTerm(PRESIGNED)), decoded);
  for (
    const text of [
      "",
      "sk-anything",
      "example-bearer-token",
      "bedrock-api-key-",
      "bedrock-api-key-example",
      "bedrock-api-key-%%%",
      "bedrock-api-key-é",
      "ABSK",
      "ABSK not base64",
      `bedrock-api-key-${btoa("\x00\xff?")}`,
      shortTerm(PRESIGNED.replace("us-west-2", "US WEST")),
      shortTerm(PRESIGNED.replace("%2Fbedrock%2F", "%2Fs3%2F")),
      shortTerm(PRESIGNED.replace("20300101T120000Z", "20301301T120000Z")),
      shortTerm(PRESIGNED.replace("20300101T120000Z", "yesterday")),
      shortTerm(PRESIGNED.replace("20300101T120000Z", "20300230T120000Z")),
      shortTerm(PRESIGNED.replace("20300101T120000Z", "20300101T240000Z")),
      shortTerm(PRESIGNED.replace("20300101T120000Z", "2030-01-01")),
      shortTerm(PRESIGNED.replace("20300101T120000Z", "2030")),
      shortTerm(PRESIGNED.replace("Expires=60", "Expires=0")),
      shortTerm(PRESIGNED.replace("Expires=60", "Expires=43201")),
      shortTerm(PRESIGNED.replace("bedrock.amazonaws.com/", "elsewhere.example/")),
      shortTerm(PRESIGNED.replace("bedrock.amazonaws.com/?", "")),
      shortTerm(PRESIGNED.replace("Expires=60", "Expires=-60")),
      shortTerm(PRESIGNED.replace("Expires=60", "Expires=1e400")),
      shortTerm(PRESIGNED.replace("Expires=60", `Expires=${"9".repeat(20)}`)),
      shortTerm(PRESIGNED.replace("&X-Amz-Expires=60", "")),
      undefined as unknown as string,
      {} as unknown as string,
    ]
  ) assert.equal(decodeKey(text), undefined, String(text));
});
