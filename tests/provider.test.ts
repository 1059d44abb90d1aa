import assert from "node:assert/strict";
import { createReadStream } from "node:fs";
import { stat } from "node:fs/promises";
import { test } from "node:test";
import { fileURLToPath } from "node:url";
import type OpenAI from "openai";
import { toResponseInputItems } from "openai/lib/responses/ResponseInputItems";
import { EXAMPLE_BEARER_TOKEN, EXAMPLE_CREDENTIALS } from "../conformance/mantle/mod.ts";
import { bedrock, type BedrockProviderOptions } from "../mod.ts";
import { SESSION_CREDENTIALS, withMantle } from "./support/local_mantle.ts";
import { rejects } from "./support/refusal.ts";
import { forEverySdk, type Sdk } from "./support/sdk_versions.ts";

const MODEL = "openai.gpt-5.4";
const GPT_OSS = "openai.gpt-oss-120b";
const OPTIONS = { region: "us-west-2", endpoint: "mantle", env: {} } as const;
const MODES: Record<string, Partial<BedrockProviderOptions>> = {
  bearer: { apiKey: EXAMPLE_BEARER_TOKEN },
  sigv4: EXAMPLE_CREDENTIALS,
  "sigv4 with a session": SESSION_CREDENTIALS,
};

/** Asks for an answer in the two ways that there are, and gives back both texts. */
async function ask(client: OpenAI, model = MODEL): Promise<string[]> {
  const { output_text } = await client.responses.create({ model, input: "Say hello" });
  let streamed = "";
  for await (
    const event of await client.responses.create({ model, input: "Say hello", stream: true })
  ) {
    if (event.type === "response.output_text.delta") streamed += event.delta;
  }
  return [output_text, streamed];
}

const HELLO = 'Hello! You said: "Say hello"';

forEverySdk(({ name, OpenAI, toFile }: Sdk) => {
  test(`${name}: answers come plain and streamed, in every mode, from both path families`, async () => {
    await withMantle(async ({ baseURL, origin, received }) => {
      for (const [mode, auth] of Object.entries(MODES)) {
        for (const [root, model] of [[baseURL, MODEL], [`${origin}/v1`, GPT_OSS]] as const) {
          const whole = bedrock({ ...OPTIONS, ...auth, baseURL: root });
          for (const client of [new OpenAI({ provider: whole }), new OpenAI(whole)]) {
            assert.deepEqual(await ask(client, model), [HELLO, HELLO], mode);
          }
        }
      }
      const modes = new Set(received.map(({ auth }) => auth));
      assert.deepEqual(modes, new Set(["bearer", "sigv4"]));
    });
  });

  test(`${name}: chats come plain and streamed`, async () => {
    await withMantle(async ({ baseURL }) => {
      const provider = bedrock({ ...OPTIONS, ...EXAMPLE_CREDENTIALS, baseURL });
      const { chat } = new OpenAI({ provider });
      const messages = [{ role: "user" as const, content: "Say hello" }];
      const { choices } = await chat.completions.create({ model: MODEL, messages });
      assert.equal(choices[0]?.message.content, HELLO);
      let streamed = "";
      for await (
        const chunk of await chat.completions.create({ model: MODEL, messages, stream: true })
      ) {
        streamed += chunk.choices[0]?.delta.content ?? "";
      }
      assert.equal(streamed, HELLO);
    });
  });

  test(`${name}: files are uploaded, listed page by page, read and deleted, signed throughout`, async () => {
    await withMantle(async ({ origin, received }) => {
      const provider = bedrock({ ...OPTIONS, ...SESSION_CREDENTIALS, baseURL: `${origin}/v1` });
      const { files } = new OpenAI({ provider });
      const bytes = Uint8Array.of(0, 255, 13, 10, 128);
      const ids: string[] = [];
      for (const each of ["one.bin", "zwei-ü.bin", "three.bin"]) {
        const { id } = await files.create({ file: await toFile(bytes, each), purpose: "batch" });
        ids.push(id);
      }
      const listed: string[] = [];
      for await (const { id } of files.list({ limit: 2, order: "asc" })) listed.push(id);
      assert.deepEqual(listed.toSorted(), ids.toSorted());
      const content = await files.content(ids[0] as string);
      assert.deepEqual(new Uint8Array(await content.arrayBuffer()), bytes);
      assert.equal((await files.delete(ids[0] as string)).deleted, true);
      assert.deepEqual(new Set(received.map(({ auth }) => auth)), new Set(["sigv4"]));
      assert.ok(received.length >= 7, "two pages were asked for");
    });
  });

  test(`${name}: an upload from a file stream works with a token, and by toFile with keys`, async () => {
    await withMantle(async ({ origin }) => {
      const baseURL = `${origin}/v1`;
      const path = fileURLToPath(import.meta.url);
      const file = () => createReadStream(path);
      const bearer = new OpenAI(bedrock({ ...OPTIONS, apiKey: EXAMPLE_BEARER_TOKEN, baseURL }));
      const size = (await stat(path)).size;
      assert.equal((await bearer.files.create({ file: file(), purpose: "batch" })).bytes, size);
      const keys = new OpenAI(bedrock({ ...OPTIONS, ...EXAMPLE_CREDENTIALS, baseURL }));
      const buffered = { file: await toFile(file(), "a.ts"), purpose: "batch" } as const;
      assert.equal((await keys.files.create(buffered)).bytes, size);
      const streamed = keys.files.create({ file: file(), purpose: "batch" });
      if (name.includes("6.45")) assert.equal((await streamed).bytes, size);
      else await rejects(streamed.then(), "body_not_replayable", "toFile");
    });
  });

  test(`${name}: request ids, stored history and history by hand work`, async () => {
    await withMantle(async ({ baseURL }) => {
      const client = new OpenAI(bedrock({ ...OPTIONS, ...EXAMPLE_CREDENTIALS, baseURL }));
      const first = await client.responses.create({ model: MODEL, input: "One" });
      assert.match(first._request_id ?? "", /^req_[a-z2-7]{52}$/);
      const next = { model: MODEL, input: "Two", previous_response_id: first.id };
      assert.match((await client.responses.create(next)).output_text, /"Two" \(turn 2\)/);
      const input = [
        { role: "user" as const, content: "One" },
        ...toResponseInputItems(first.output),
        { role: "user" as const, content: "Three" },
      ];
      const third = await client.responses.create({ model: MODEL, input });
      assert.match(third.output_text, /"Three" \(turn 2\)/);
      assert.equal((await client.responses.retrieve(first.id)).id, first.id);
      await client.responses.delete(first.id);
      await assert.rejects(client.responses.retrieve(first.id), { status: 404 });
    });
  });

  test(`${name}: every attempt authenticates anew`, async () => {
    let failures = 0;
    let calls = 0;
    const credentialProvider = () => (calls++, EXAMPLE_CREDENTIALS);
    const tokenProvider = () => (calls++, EXAMPLE_BEARER_TOKEN);
    const headers = { "retry-after-ms": "1" };
    const busy = () => failures-- > 0 ? new Response("busy", { status: 503, headers }) : undefined;
    await withMantle(async ({ baseURL }) => {
      for (const auth of [{ credentialProvider }, { tokenProvider }]) {
        for (const client of clientsOf(OpenAI, { ...OPTIONS, ...auth, baseURL })) {
          [failures, calls] = [1, 0];
          await ask(client);
          assert.equal(calls, 3, "one retry and two requests");
        }
      }
    }, busy);
  });

  test(`${name}: withOptions keeps the provider, and can replace it`, async () => {
    await withMantle(async ({ baseURL, received }) => {
      const keys = bedrock({ ...OPTIONS, ...EXAMPLE_CREDENTIALS, baseURL });
      const token = bedrock({ ...OPTIONS, apiKey: EXAMPLE_BEARER_TOKEN, baseURL });
      for (const client of [new OpenAI({ provider: keys }), new OpenAI(keys)]) {
        await client.withOptions({ timeout: 5_000 }).responses.create({ model: MODEL, input: "x" });
        await client.withOptions(token).responses.create({ model: MODEL, input: "x" });
        const { provider } = token;
        await client.withOptions({ provider }).responses.create({ model: MODEL, input: "x" });
      }
      const modes = received.map(({ auth }) => auth);
      assert.deepEqual(modes, ["sigv4", "bearer", "bearer", "sigv4", "bearer", "bearer"]);
    });
  });
});

function clientsOf(Client: typeof OpenAI, options: BedrockProviderOptions): OpenAI[] {
  const whole = bedrock(options);
  return [new Client({ provider: whole }), new Client(whole)];
}
