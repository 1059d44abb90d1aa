import assert from "node:assert/strict";
import { createReadStream } from "node:fs";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test } from "node:test";
import type OpenAI from "openai";
import { EXAMPLE_CREDENTIALS, mantle, type ReceivedRequest } from "../../conformance/mantle/mod.ts";
import { bedrock } from "../../mod.ts";
import { withMantle } from "../support/local_mantle.ts";
import { rejects } from "../support/refusal.ts";
import { forEverySdk } from "../support/sdk_versions.ts";

const REGION = "us-west-2";
const OPTIONS = { region: REGION, endpoint: "mantle", env: {}, ...EXAMPLE_CREDENTIALS } as const;
const CONTENT = '{"prompt":"é"}\n'.repeat(2_000);

type FileLike = OpenAI.FileCreateParams["file"];

async function withFile(run: (path: string) => Promise<void>): Promise<void> {
  const folder = await mkdtemp(join(tmpdir(), "bedrock-"));
  const path = join(folder, "upload.jsonl");
  try {
    await writeFile(path, CONTENT);
    await run(path);
  } finally {
    await rm(folder, { recursive: true });
  }
}

forEverySdk(({ name, OpenAI, toFile }) => {
  test(`${name}: a file stream is uploaded under SigV4 if it may be buffered`, async () => {
    await withFile((path) =>
      withMantle(async ({ origin, received }) => {
        const whole = bedrock({ ...OPTIONS, baseURL: `${origin}/v1`, bufferLimit: 1_000_000 });
        const client: OpenAI = new OpenAI({ ...whole, maxRetries: 0 });
        const file = createReadStream(path);
        const { id, bytes } = await client.files.create({ file, purpose: "batch" });
        assert.equal(bytes, new TextEncoder().encode(CONTENT).length);
        assert.equal(await (await client.files.content(id)).text(), CONTENT);
        assert.ok(received.every(({ auth }) => auth === "sigv4"));
      })
    );
  });

  test(`${name}: a file stream without either option is refused, or read by the client`, async () => {
    await withFile((path) =>
      withMantle(async ({ origin }) => {
        const client: OpenAI = new OpenAI(bedrock({ ...OPTIONS, baseURL: `${origin}/v1` }));
        const upload = (file: FileLike) => client.files.create({ file, purpose: "batch" });
        const size = new TextEncoder().encode(CONTENT).length;
        const whole = await toFile(createReadStream(path), "a.jsonl");
        assert.equal((await upload(whole)).bytes, size);
        const streamed = upload(createReadStream(path));
        if (name.includes("6.45")) assert.equal((await streamed).bytes, size);
        else await rejects(streamed.then(), "body_not_replayable", "toFile");
      })
    );
  });

  test(`${name}: a file stream is uploaded if it may be sent unsigned over https`, async () => {
    await withFile(async (path) => {
      const received: ReceivedRequest[] = [];
      const handler = mantle({ region: REGION, observe: (each) => void received.push(each) });
      const whole = bedrock({
        ...OPTIONS,
        unsignedPayload: true,
        fetch: (input, init) => handler(new Request(input, init)),
      });
      const client: OpenAI = new OpenAI({ ...whole, maxRetries: 0 });
      const { bytes } = await client.files.create({
        file: createReadStream(path),
        purpose: "batch",
      });
      assert.equal(bytes, new TextEncoder().encode(CONTENT).length);
      assert.deepEqual(received.map(({ auth }) => auth), ["sigv4"]);
      const hash = received[0]?.headers.get("x-amz-content-sha256");
      // 6.45.0 reads the file itself, and hands on its bytes
      assert.equal(hash === "UNSIGNED-PAYLOAD", !name.startsWith("openai 6.45."));
    });
  });
});
