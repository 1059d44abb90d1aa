import assert from "node:assert/strict";
import fc from "fast-check";
import { bedrock } from "../../aws.ts";
import { ssoTokenPath } from "../support/sso_cache.ts";
import { type Machine, onMachine } from "../support/machine.ts";
import { withVariables } from "../support/variables.ts";
import { valueOrRefusal } from "./outcome.ts";
import { property } from "./property.ts";
import { assertContained, recorder } from "./recorder.ts";
import { assertSilent, KEYS, SECRETS } from "./secrets.ts";
import { mutated } from "./texts.ts";
import { everyView, quietly } from "./views.ts";

const ROLE = "arn:aws:iam::123456789012:role/Reader";
const START = "https://example.awsapps.com/start";
const KEY_LINES = [
  `aws_access_key_id = ${KEYS.accessKeyId}`,
  `aws_secret_access_key = ${SECRETS.secretAccessKey}`,
  `aws_session_token = ${SECRETS.sessionToken}`,
];

/** Lines of AWS files that mean something, whole and with changes. */
const LINES = [
  "[default]",
  "[profile work]",
  "[work]",
  "[profile other]",
  "[other]",
  "[sso-session own]",
  "[services own]",
  ...KEY_LINES,
  "region = us-west-2",
  `region = ${SECRETS.secretAccessKey}`,
  `role_arn = ${ROLE}`,
  "source_profile = work",
  "source_profile = other",
  "source_profile = default",
  "credential_source = Environment",
  "credential_source = Ec2InstanceMetadata",
  "credential_source = EcsContainer",
  "web_identity_token_file = /no/such/token",
  `sso_start_url = ${START}`,
  "sso_region = eu-west-1",
  "sso_account_id = 123456789012",
  "sso_role_name = Reader",
  "sso_session = own",
  "mfa_serial = arn:aws:iam::123456789012:mfa/x",
  `external_id = ${SECRETS.password}`,
  "s3 =",
  "  max_concurrent_requests = 10",
  "# a comment",
];

/** Excludes lines that run a command or lead elsewhere once they are changed. */
const isHarmless = (line: string) =>
  !/credential_process|endpoint|login_session|ignore_configured/i.test(line);

const line = fc.oneof(
  { weight: 5, arbitrary: fc.constantFrom(...LINES) },
  { weight: 2, arbitrary: mutated(...LINES).filter(isHarmless) },
);
const file = fc.record({
  mark: fc.constantFrom("", "", "\ufeff"),
  head: fc.constantFrom("", "[default]", "[profile work]", "[work]"),
  lines: fc.array(line, { maxLength: 12 }),
  end: fc.constantFrom("\n", "\r\n", "\r"),
  cut: fc.constantFrom(0, 0, 0, 1, 5, 17),
  fill: fc.constantFrom("", "", "", "x".repeat(300_000), "[a]\n".repeat(20_000)),
}).map(({ mark, head, lines, end, cut, fill }) => {
  const text = mark + [head, ...lines, fill].join(end);
  return text.slice(0, text.length - cut);
});

const profile = fc.constantFrom(undefined, "work", "other", "default");

/** Generates documents with credentials, with changes. */
const documentOf = (names: readonly string[], version = {}) =>
  mutated(JSON.stringify({
    ...version,
    [names[0]!]: KEYS.accessKeyId,
    [names[1]!]: KEYS.secretAccessKey,
    [names[2]!]: KEYS.sessionToken,
    Expiration: "2099-01-01T00:00:00Z",
  }));
const broken = fc.oneof(
  fc.constantFrom("", "null", "[]", "{", "\ufeff{}", '{"Version":1}', "[".repeat(9_000)),
  fc.constantFrom(`{"__proto__":{"AccessKeyId":"x"}}`, `${SECRETS.secretAccessKey}\n`, "\0\xff"),
  fc.json(),
);

const IN_CONTAINER = ["AccessKeyId", "SecretAccessKey", "Token"];
const OF_PROCESS = ["AccessKeyId", "SecretAccessKey", "SessionToken"];

const metadata = fc.record({
  status: fc.constantFrom(200, 200, 200, 204, 301, 400, 404),
  body: fc.oneof(documentOf(IN_CONTAINER, { Code: "Success" }), fc.constant("role"), broken),
  location: fc.constantFrom("http://127.0.0.1:1/", "//127.0.0.1:1", ""),
});

function responseOf(
  { status, body, location }: typeof metadata extends fc.Arbitrary<infer T> ? T : never,
): Response {
  return new Response(status === 204 ? null : body, { status, headers: { location } });
}

/**
 * Asserts that a lookup ends as promised, that all it leads to is on this machine, and that it is
 * silent.
 */
async function assertLookup(
  machine: Machine,
  more: Record<string, string | undefined>,
  profile: string | undefined,
): Promise<void> {
  const nowhere = { AWS_ENDPOINT_URL: "http://127.0.0.1:1", AWS_MAX_ATTEMPTS: "1" };
  const variables = machine.variables({ ...nowhere, ...more });
  await withVariables(variables, () =>
    quietly(async () => {
      const { sent, fetch } = recorder();
      const named = profile === undefined ? {} : { profile };
      const options = { region: "us-west-2", endpoint: "mantle", apiKey: null, fetch } as const;
      // The region of a profile is read at once
      await valueOrRefusal(() => bedrock({ apiKey: null, ...named }));
      const way = bedrock({ ...options, ...named });
      const told = await way.explain();
      assertSilent(everyView(told), "explain()");
      // Deno would name a host that it keeps AWS's packages from
      assert.doesNotMatch(JSON.stringify(told), /allow-net=(?!127\.0\.0\.1)/);
      const response = await way.fetch(`${way.url}/models`);
      const text = await response.text();
      assertSilent(text, "the response");
      assert.equal(sent.length, told.ok ? 1 : 0, text);
      assert.equal(response.ok, told.ok, text);
      assertContained(sent, new URL(way.url).origin);
    }));
}

property(
  "AWS files of any text lead to credentials or to a refusal",
  25,
  fc.tuple(file, file, profile),
  async ([config, credentials, profile]) =>
    await onMachine(async (machine) => {
      await machine.write(".aws/config", config);
      await machine.write(".aws/credentials", credentials);
      const nowhere = { AWS_EC2_METADATA_SERVICE_ENDPOINT: "http://127.0.0.1:1" };
      await assertLookup(machine, nowhere, profile);
    }),
);

property(
  "a credential_process that prints anything leads to credentials or to a refusal",
  20,
  fc.tuple(
    fc.oneof({ weight: 4, arbitrary: documentOf(OF_PROCESS, { Version: 1 }) }, broken),
    fc.constantFrom(true, true, false),
  ),
  async ([printed, fails]) =>
    await onMachine(async (machine) => {
      const path = await machine.write("printed", printed);
      const end = fails ? " >&2 && exit 1" : "";
      await machine.write(
        ".aws/config",
        `[profile work]\ncredential_process = cat ${path}${end}\n`,
      );
      await assertLookup(machine, {}, "work");
    }),
);

property(
  "an SSO cache of any text leads to a refusal",
  15,
  fc.oneof(
    mutated(JSON.stringify({
      startUrl: START,
      region: "eu-west-1",
      accessToken: SECRETS.apiKey,
      expiresAt: "2099-01-01T00:00:00Z",
      refreshToken: SECRETS.sessionToken,
      clientSecret: SECRETS.secretAccessKey,
    })),
    broken,
  ),
  async (cached) =>
    await onMachine(async (machine) => {
      await machine.write(ssoTokenPath(START), cached);
      const settings = [
        `sso_start_url = ${START}`,
        "sso_region = eu-west-1",
        "sso_account_id = 123456789012",
        "sso_role_name = Reader",
      ];
      await machine.write(".aws/config", ["[profile work]", ...settings].join("\n"));
      await assertLookup(machine, {}, "work");
    }),
);

property(
  "a web identity token file of any text leads to a refusal if STS does not respond",
  10,
  mutated(`eyJhbGciOiJSUzI1NiJ9.${SECRETS.apiKey}`, SECRETS.sessionToken),
  async (token) =>
    await onMachine(async (machine) => {
      const path = await machine.write("token", token);
      const variables = { AWS_ROLE_ARN: ROLE, AWS_WEB_IDENTITY_TOKEN_FILE: path };
      await assertLookup(machine, variables, undefined);
    }),
);

property(
  "an endpoint that gives a container or an instance any response leads to credentials or to a refusal",
  1,
  fc.tuple(fc.array(metadata, { minLength: 24, maxLength: 24 }), fc.boolean()),
  async ([responses, isContainer]) =>
    await onMachine(async (machine) => {
      let asked = 0;
      const url = await machine.serve(() => responseOf(responses[asked++ % responses.length]!));
      const variables = isContainer
        ? { AWS_CONTAINER_CREDENTIALS_FULL_URI: `${url}/x` }
        : { AWS_EC2_METADATA_SERVICE_ENDPOINT: url, AWS_EC2_METADATA_DISABLED: undefined };
      // AWS's package waits a second before it asks again: so all ask at once
      await withVariables(machine.variables(variables), () =>
        quietly(async () => {
          const options = { region: "us-west-2", apiKey: null } as const;
          const told = await Promise.all(responses.map(() => bedrock(options).explain()));
          assertSilent(everyView(told), "explain()");
          for (const { ok, problem } of told) assert.equal(ok, problem === undefined);
        }));
    }),
);
