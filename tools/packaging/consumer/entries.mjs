/**
 * Run with a runtime in a project that has the package and all its peers: every entry, as ES module
 * and as CommonJS, and requests through each combination of the two systems.
 */
import assert from "node:assert/strict";
import { createRequire } from "node:module";

const require = createRequire(import.meta.url);
const { name, exports } = require("@mantle/bedrock/package.json");
const entries = Object.keys(exports).filter((entry) => entry !== "./package.json");

/** Lists the exports of a namespace, without those that loaders add for CommonJS. */
const names = (namespace) =>
  Object.keys(namespace).filter((key) => !/^(?:default|module\.exports|__esModule)$/.test(key));

const systems = { import: {}, require: {} };
for (const entry of entries) {
  systems.import[entry] = await import(name + entry.slice(1));
  systems.require[entry] = require(name + entry.slice(1));
  assert.ok(names(systems.import[entry]).length > 0, entry);
  assert.deepEqual(
    names(systems.require[entry]).toSorted(),
    names(systems.import[entry]).toSorted(),
    entry,
  );
}

const region = "us-west-2";
const question = { model: "openai.gpt-5.4", input: "Say hello!" };
const clients = [await import("openai"), require("openai")];
let responses = 0;
for (const ours of Object.values(systems)) {
  const { EXAMPLE_BEARER_TOKEN, EXAMPLE_CREDENTIALS, mantle } = ours["./mantle"];
  const handler = mantle({ region });
  const fetch = (input, init) => handler(new Request(input, init));
  for (const credential of [{ apiKey: EXAMPLE_BEARER_TOKEN }, EXAMPLE_CREDENTIALS]) {
    const whole = [".", "./aws"].map((entry) =>
      ours[entry].bedrock({ region, env: {}, fetch, ...credential })
    );
    for (const { OpenAI } of clients) {
      for (const each of whole) {
        for (const options of [each, { provider: each.provider, fetch }]) {
          const response = await new OpenAI(options).responses.create(question);
          assert.ok(response.output_text.length > 0);
          responses++;
        }
      }
    }
  }
  const client = new ours["./openai"].BedrockOpenAI({
    awsRegion: region,
    apiKey: EXAMPLE_BEARER_TOKEN,
    fetch,
    env: {},
  });
  assert.ok((await client.responses.create(question)).output_text.length > 0);
  responses++;
}
assert.equal(responses, 34);

/** Each copy knows the errors of the other. */
for (const thrower of Object.values(systems)) {
  for (const entry of [".", "./aws", "./openai"]) {
    try {
      thrower[entry].bedrock?.({ env: {} }) ?? new thrower[entry].BedrockOpenAI({ env: {} });
      assert.fail("No error");
    } catch (error) {
      assert.equal(error.name, "BedrockError", `${error}`);
      for (const knower of Object.values(systems)) {
        assert.ok(error instanceof knower["."].BedrockError);
      }
    }
  }
}
assert.equal(systems.import["."].BedrockError, systems.import["./openai"].BedrockError);
assert.notEqual(systems.import["."].BedrockError, systems.require["."].BedrockError);
console.log(`${entries.length} entries, ${responses} responses`);
