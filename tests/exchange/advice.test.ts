import assert from "node:assert/strict";
import { test } from "node:test";
import { bedrock, type BedrockProviderOptions } from "../../mod.ts";

const KEYS = { accessKeyId: "AKIDEXAMPLE", secretAccessKey: "secret" };
const DENIED = "User: arn:aws:iam::123456789012:user/x is not authorized to perform: " +
  "bedrock-mantle:";

interface Told {
  readonly status: number;
  readonly says: string;
  readonly code?: string;
  readonly model?: string;
  readonly options?: BedrockProviderOptions;
  /** What is added after what the service said. */
  readonly adds: RegExp;
}

async function told({ status, says, code = "c", model = "openai.gpt-5.5", options = KEYS }: Told) {
  const error = { code, message: says, param: "p", type: "t" };
  const fetch = async () => Response.json({ error }, { status });
  const whole = bedrock({ region: "us-west-2", env: {}, ...options, fetch });
  const body = JSON.stringify({ model });
  const answer = await whole.fetch(`${whole.url}/responses`, { method: "POST", body });
  return { status: answer.status, error: (await answer.json()).error };
}

const CASES: Record<string, Told> = {
  "a wrong prefix, by 400": {
    status: 400,
    says: "The model 'openai.gpt-5.5' does not support the '/v1/responses' API",
    adds:
      /This one may be under \/v1, or offer another API\. Set `routes` to \[\["openai\.gpt-5\.5", "\/v1"\]\]\.$/,
  },
  "a wrong prefix, by the words of the documentation": {
    status: 400,
    says: "model `openai.gpt-oss-120b` isn't supported on this route",
    model: "openai.gpt-oss-120b",
    adds: /may be under \/openai\/v1, /,
  },
  "a wrong prefix that looks like an entitlement": {
    status: 401,
    says: "Berm is not enabled for this account",
    options: { ...KEYS, endpoint: "mantle", baseURL: "https://gateway.example/tenant/v1" },
    adds: /Set `baseURL` to https:\/\/gateway\.example\/tenant\/openai\/v1\.$/,
  },
  "a missing CreateInference": {
    status: 401,
    says: `${DENIED}CreateInference on resource: arn`,
    adds: /Allow bedrock-mantle:CreateInference .*AmazonBedrockMantleInferenceAccess\.$/,
  },
  "a missing CallWithBearerToken": {
    status: 403,
    says: `${DENIED}CallWithBearerToken on resource: *`,
    options: { apiKey: "key" },
    adds: /Allow bedrock-mantle:CallWithBearerToken with Resource "\*"/,
  },
  "another missing permission": {
    status: 403,
    says: `${DENIED}ListModels on resource: arn`,
    adds: /Allow bedrock-mantle:ListModels to the identity\.$/,
  },
  "a wrong scope": {
    status: 401,
    says: "Credential should be scoped to correct service: 'bedrock-mantle'.",
    options: { ...KEYS, endpoint: "runtime" },
    adds: /signed for bedrock in us-west-2\. Set `endpoint` and `region` /,
  },
  "an API key of another region": {
    status: 401,
    says: "Credential should be scoped to a valid region: 'us-west-2'.",
    options: { apiKey: "key" },
    adds: /This API key is for another region\. Create one for the region .* base URL\.$/,
  },
  "AWS credentials that have ended": {
    status: 401,
    says: "The security token included in the request is expired",
    adds: /The AWS credentials have expired\. Log in again, for example with: aws sso login\./,
  },
  "an API key that has ended": {
    status: 401,
    says: "Signature expired: 20260612T041911Z is now earlier than 20260612T062631Z",
    options: { apiKey: "key" },
    adds: /The Bedrock API key has expired\. Create a new one\./,
  },
  "an API key that is not known": {
    status: 401,
    says: "Invalid bearer token",
    options: { apiKey: "key" },
    adds: /Bedrock does not recognize this API key\./,
  },
  "keys that are not known": {
    status: 403,
    says: "No",
    code: "UnrecognizedClientException",
    adds: /AWS does not recognize these credentials\./,
  },
  "a clock that is off": {
    status: 403,
    says: "Signature expired: 20260612T041911Z is now earlier than 20260612T062631Z",
    adds: /The clock of this machine is off by more than AWS allows\. Set it\.$/,
  },
  "a model of Runtime": {
    status: 404,
    says: "The model 'us.openai.gpt-5.6-sol' does not exist",
    model: "us.openai.gpt-5.6-sol",
    adds: /us\.openai\.gpt-5\.6-sol are inference profiles of Bedrock Runtime\. .*"runtime"/,
  },
};

for (const [name, each] of Object.entries(CASES)) {
  test(`${name} is explained after what the service said`, async () => {
    const { status, error } = await told(each);
    assert.equal(status, each.status);
    const { code = "c", says } = each;
    assert.deepEqual([error.code, error.type, error.param], [code, "t", "p"]);
    assert.ok(error.message.startsWith(says), error.message);
    assert.match(error.message.slice(says.length), each.adds);
  });
}

test("what says enough by itself is left as it is", async () => {
  const plain = [
    { status: 404, says: "The model 'openai.gpt-0' does not exist" },
    { status: 429, says: "Too many requests" },
    { status: 400, says: "Invalid 'max_output_tokens': integer below minimum value." },
    { status: 500, says: "The security token included in the request is expired" },
    { status: 401, says: "openai.gpt-5.5 is not available for this account." },
    { status: 400, says: "Invalid value: 'ExpiredToken'. Supported values are: 'user'" },
    { status: 403, says: "No such tool: 'The security token included in the request is expired'" },
  ];
  for (const each of plain) {
    const { status, error } = await told({ ...each, adds: /^/ });
    assert.deepEqual([status, error.message], [each.status, each.says]);
  }
});
