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
  /** The advice after the service's message. */
  readonly adds: RegExp;
}

async function told({ status, says, code = "c", model = "openai.gpt-5.5", options = KEYS }: Told) {
  const error = { code, message: says, param: "p", type: "t" };
  const fetch = async () => Response.json({ error }, { status });
  const whole = bedrock({ region: "us-west-2", env: {}, ...options, fetch });
  const body = JSON.stringify({ model });
  const response = await whole.fetch(`${whole.url}/responses`, { method: "POST", body });
  return { status: response.status, error: (await response.json()).error };
}

const CASES: Record<string, Told> = {
  "a wrong prefix, by 400": {
    status: 400,
    says: "The model 'openai.gpt-5.5' does not support the '/v1/responses' API",
    adds:
      /This one may be under \/v1, or support a different API\. Set `routes` to \[\["openai\.gpt-5\.5", "\/v1"\]\]\.$/,
  },
  "a wrong prefix, by the words of the documentation": {
    status: 400,
    says: "model `openai.gpt-oss-120b` isn't supported on this route",
    model: "openai.gpt-oss-120b",
    adds: /may be under \/openai\/v1, /,
  },
  "an explicit deny, and the kind of policy that has it": {
    status: 403,
    says:
      `${DENIED}CreateInference on resource: arn with an explicit deny in a service control policy`,
    adds:
      /\. bedrock-mantle:CreateInference is denied in a service control policy\. Change that one/,
  },
  "an explicit deny in a policy of a kind that is not named": {
    status: 403,
    says: `${DENIED}CreateInference on resource: arn with an explicit deny`,
    adds: /is denied in a policy\. Change that one: to allow it elsewhere does not help\.$/,
  },
  "a permissions boundary that does not allow it": {
    status: 403,
    says: `${DENIED}CreateInference because no permissions boundary allows the action`,
    adds: /InferenceAccess\. The permissions boundary must allow it as well\.$/,
  },
  "an identity that is not allowed it": {
    status: 403,
    says: `${DENIED}ListModels because no identity-based policy allows the action`,
    adds: /Allow bedrock-mantle:ListModels for the identity\.$/,
  },
  "another missing permission": {
    status: 403,
    says: `${DENIED}ListModels on resource: arn`,
    adds: /Allow bedrock-mantle:ListModels for the identity\.$/,
  },
  "an API key of another region": {
    status: 401,
    says: "Credential should be scoped to a valid region: 'us-west-2'.",
    options: { apiKey: "key" },
    adds: /This API key is for another region\. Create one for the region .* base URL\.$/,
  },
  "keys that are not known": {
    status: 403,
    says: "No",
    code: "UnrecognizedClientException",
    adds: /AWS does not recognize these credentials\./,
  },
};

for (const [name, each] of Object.entries(CASES)) {
  test(`${name} is explained after the service's message`, async () => {
    const { status, error } = await told(each);
    assert.equal(status, each.status);
    const { code = "c", says } = each;
    assert.deepEqual([error.code, error.type, error.param], [code, "t", "p"]);
    assert.ok(error.message.startsWith(says), error.message);
    assert.match(error.message.slice(says.length), each.adds);
  });
}

test("an error that needs no explanation is left unchanged", async () => {
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
