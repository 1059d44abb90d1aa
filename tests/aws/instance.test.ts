import assert from "node:assert/strict";
import { test } from "node:test";
import { bedrock } from "../../aws.ts";
import { instanceMetadata } from "../../conformance/aws/mod.ts";
import { observer, onMachine, section, temporary } from "../support/machine.ts";
import { rejects } from "../support/refusal.ts";
import { withVariables } from "../support/variables.ts";

const ISSUED = temporary("instance");
const ENDPOINT = "AWS_EC2_METADATA_SERVICE_ENDPOINT";
const ENABLED = { AWS_EC2_METADATA_DISABLED: undefined };

test("the role of an instance signs, by a token of IMDSv2", async () => {
  await onMachine(async ({ serve, signsAs }) => {
    const { asked, observe } = observer();
    const endpoint = await serve(instanceMetadata({ credentials: ISSUED, observe }));
    await signsAs(ISSUED, { ...ENABLED, [ENDPOINT]: endpoint });
    assert.deepEqual(asked.map(({ method, operation }) => `${method} ${operation}`), [
      "PUT token",
      "GET roles",
      "GET credentials",
    ]);
  });
});

test("the config file leads to the metadata service as the variable does", async () => {
  await onMachine(async ({ write, serve, signsAs }) => {
    const endpoint = await serve(instanceMetadata({ credentials: ISSUED }));
    const settings = { ec2_metadata_service_endpoint: endpoint };
    await write(".aws/config", section("default", settings));
    await signsAs(ISSUED, ENABLED);
  });
});

test("an instance yields nothing if it is disabled, has no role or offers no IMDSv2", async () => {
  await onMachine(async ({ serve, findsNone }) => {
    const { asked, observe } = observer();
    const metadata = instanceMetadata({ credentials: ISSUED, observe });
    const endpoint = { [ENDPOINT]: await serve(metadata) };
    await findsNone(endpoint);
    assert.equal(asked.length, 0);
    const withoutTokens = await serve((request) =>
      request.method === "PUT" ? new Response(null, { status: 403 }) : metadata(request)
    );
    await findsNone({ ...ENABLED, [ENDPOINT]: withoutTokens });
    assert.deepEqual(asked.map(({ refusal }) => refusal), ["Unauthorized"]);
    const withoutRole = await serve((request) =>
      request.url.includes("/iam/") ? new Response(null, { status: 404 }) : metadata(request)
    );
    await findsNone({ ...ENABLED, [ENDPOINT]: withoutRole });
  });
});

test("a profile that is named, as an option or by AWS_PROFILE, is never replaced by the role of the machine", async () => {
  await onMachine(async (machine) => {
    const endpoint = await machine.serve(instanceMetadata({ credentials: ISSUED }));
    const variables = { ...ENABLED, [ENDPOINT]: endpoint };
    await machine.write(".aws/config", section("profile work", { credential_process: "exit 1" }));
    for (const AWS_PROFILE of ["work", "absent"]) {
      await machine.findsNone({ ...variables, AWS_PROFILE }, `profile ${AWS_PROFILE}`);
    }
    await machine.write(".aws/credentials", section("empty", { region: "us-east-1" }));
    await machine.signsAs(ISSUED, { ...variables, AWS_PROFILE: "empty" });
    await machine.signsAs(ISSUED, variables);
    await withVariables(machine.variables(variables), async () => {
      for (const profile of ["work", "absent"]) {
        const { url, fetch } = bedrock({ region: "us-west-2", profile });
        await rejects(fetch(url), "credentials_failed", `profile ${profile}`);
      }
    });
  });
});
