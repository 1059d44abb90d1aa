import assert from "node:assert/strict";
import { writeFile } from "node:fs/promises";
import { test } from "node:test";
import { fileURLToPath } from "node:url";
import { containerCredentials, type ObservedRequest } from "../../conformance/aws/mod.ts";
import { runFresh } from "../support/fresh_process.ts";
import { observer, onMachine, temporary } from "../support/machine.ts";
import { SECRET } from "../support/refusal.ts";

const ISSUED = temporary("task");
const FULL = "AWS_CONTAINER_CREDENTIALS_FULL_URI";
const TOKEN = { AWS_CONTAINER_AUTHORIZATION_TOKEN: SECRET };
const PROCESS = fileURLToPath(new URL("../support/link_local_process.ts", import.meta.url));

test("credentials from a full URI sign, with a token or with one in a file, which is read each time", async () => {
  await onMachine(async ({ serve, write, signsAs }) => {
    const path = "/get-credentials";
    const agent = (authorization: string) =>
      serve(containerCredentials({ credentials: ISSUED, path, authorization }));
    const uri = { [FULL]: `${await agent(SECRET)}${path}?id=1` };
    await signsAs(ISSUED, { ...uri, ...TOKEN });
    const file = await write("token", SECRET);
    await signsAs(ISSUED, { ...uri, AWS_CONTAINER_AUTHORIZATION_TOKEN_FILE: file });
    await writeFile(file, `${SECRET}/rotated`);
    await signsAs(ISSUED, {
      [FULL]: `${await agent(`${SECRET}/rotated`)}${path}`,
      AWS_CONTAINER_AUTHORIZATION_TOKEN_FILE: file,
    });
  });
});

test("EKS Pod Identity signs with the token from the pod's file", async () => {
  await onMachine(async ({ serve, write, signsAs }) => {
    const { asked, observe } = observer();
    const options = { credentials: ISSUED, authorization: `eyJ.${SECRET}.jwt`, observe };
    const file = "secrets/pods.eks.amazonaws.com/serviceaccount/eks-pod-identity-token";
    await signsAs(ISSUED, {
      [FULL]: `${await serve(containerCredentials(options))}/v1/credentials`,
      AWS_CONTAINER_AUTHORIZATION_TOKEN_FILE: await write(file, options.authorization),
    });
    assert.deepEqual(asked.map(({ url, refusal }) => [url.pathname, refusal]), [
      ["/v1/credentials", undefined],
    ]);
  });
});

test("credentials from a relative URI sign, with and without a token", async () => {
  await onMachine(async ({ serve, serveMantle, variables, write }) => {
    const path = "/v2/credentials/6f1c";
    const baseURL = await serveMantle(ISSUED);
    const ways = [
      [undefined, {}],
      [SECRET, TOKEN],
      [SECRET, { AWS_CONTAINER_AUTHORIZATION_TOKEN_FILE: await write("token", SECRET) }],
    ] as const;
    await Promise.all(ways.map(async ([authorization, token]) => {
      const refusals: unknown[] = [];
      const observe = ({ refusal }: ObservedRequest) => void refusals.push(refusal);
      const agent = await serve(
        containerCredentials({
          credentials: ISSUED,
          path,
          ...(authorization && { authorization }),
          observe,
        }),
      );
      const relative = { AWS_CONTAINER_CREDENTIALS_RELATIVE_URI: path, ...token };
      const env = Object.entries(variables(relative)).filter(([, value]) => value !== undefined);
      const run = await runFresh(PROCESS, [agent, baseURL], Object.fromEntries(env) as Env);
      assert.match(run.stdout, /Say hello!/);
      assert.deepEqual(refusals, [undefined]);
    }));
  });
});

type Env = Record<string, string>;

test("a wrong token is refused after the four attempts of AWS's package", async () => {
  await onMachine(async ({ serve, findsNone }) => {
    const refusals: unknown[] = [];
    const observe = ({ refusal }: ObservedRequest) => void refusals.push(refusal);
    const options = { credentials: ISSUED, authorization: `${SECRET}/right`, observe };
    const uri = { [FULL]: `${await serve(containerCredentials(options))}/v1/credentials` };
    await findsNone({ ...uri, ...TOKEN });
    assert.deepEqual(refusals, Array(4).fill("AccessDenied"));
  });
});
