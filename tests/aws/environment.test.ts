import assert from "node:assert/strict";
import { test } from "node:test";
import * as aws from "../../aws.ts";
import * as plain from "../../mod.ts";
import { keyVariables, temporary } from "../support/machine.ts";
import { rejects } from "../support/refusal.ts";

const ISSUED = temporary("environment");

test("AWS_CREDENTIAL_EXPIRATION dates keys in variables: requests still go, and no key claims to live longer", async () => {
  const soon = new Date(Math.floor(Date.now() / 1000) * 1000 + 600_000);
  for (const { bedrock, mintKey } of [plain, aws]) {
    const dated = (AWS_CREDENTIAL_EXPIRATION: string) => ({
      env: {
        ...keyVariables(ISSUED),
        AWS_REGION: "us-west-2",
        HOME: "/nowhere",
        AWS_CREDENTIAL_EXPIRATION,
      },
    });
    const past = dated("2020-01-01T00:00:00Z");
    const { url, fetch, explain } = bedrock({ ...past, fetch: async () => new Response() });
    assert.equal((await explain()).auth.expiration?.getFullYear(), 2020);
    assert.equal((await fetch(`${url}/models`)).status, 200);
    await rejects(mintKey(past), "credentials_invalid", "expired at 2020");
    assert.equal(+(await mintKey(dated(soon.toISOString()))).expiration, +soon);
  }
});
