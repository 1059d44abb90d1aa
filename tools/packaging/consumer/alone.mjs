/** Run in a project that has the package and nothing else: it works, and says what is missing. */
import assert from "node:assert/strict";
import { writeFileSync } from "node:fs";
import { createRequire } from "node:module";

const require = createRequire(import.meta.url);
const region = "us-west-2";
const env = { AWS_SHARED_CREDENTIALS_FILE: "credentials", AWS_CONFIG_FILE: "config" };
writeFileSync("config", "[profile process]\ncredential_process = none\n");
writeFileSync(
  "credentials",
  "[work]\naws_access_key_id = AKIDEXAMPLE\naws_secret_access_key = wJalrXUtnFEMI\n",
);

for (const load of [(name) => import(name), require]) {
  const { bedrock } = await load("@mantle/bedrock");
  const fetch = async (_url, init) =>
    Response.json({ sent: new Headers(init.headers).get("authorization") });
  const keys = { accessKeyId: "AKIDEXAMPLE", secretAccessKey: "wJalrXUtnFEMI" };
  for (const credential of [{ apiKey: "key" }, keys]) {
    const own = bedrock({ region, env: {}, fetch, ...credential });
    const { sent } = await (await own.fetch(`${own.url}/responses`, { method: "POST" })).json();
    assert.match(sent, credential.apiKey ? /^Bearer key$/ : /^AWS4-HMAC-SHA256 /);
  }

  const aws = await load("@mantle/bedrock/aws");
  const signed = aws.bedrock({ region, env: {}, fetch, ...keys });
  assert.equal((await signed.fetch(`${signed.url}/models`)).status, 200);
  assert.match((await aws.mintKey({ region, env, profile: "work" })).key, /^bedrock-api-key-/);
  await assert.rejects(aws.mintKey({ region, env, profile: "process" }), (error) => {
    assert.ok(error instanceof aws.BedrockError);
    assert.equal(error.code, "aws_package_missing");
    assert.match(error.message, /npm install @aws-sdk\/credential-provider-node/);
    return true;
  });
}
console.log("It works alone");
