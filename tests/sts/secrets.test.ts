import assert from "node:assert/strict";
import { test } from "node:test";
import { inspect } from "node:util";
import { assertSilent, SECRETS } from "../properties/secrets.ts";
import { maskSecrets } from "../../src/sts/mask.ts";
import { createAssumeRole } from "../../src/sts/assume_role.ts";
import { createCognitoIdentity } from "../../src/sts/cognito_identity.ts";
import { createWebIdentity } from "../../src/sts/web_identity.ts";
import { cognitoIdentity, type Fetch, webIdentity } from "../../sts.ts";
import { fakePlatform, granted, play, refused } from "../support/fake_sts.ts";
import { rejects } from "../support/refusal.ts";

const ARN = "arn:aws:iam::123456789012:role/app";
const POOL = "us-west-2:00000000-0000-0000-0000-000000000000";
const TOKEN = SECRETS.apiKey;
const KEYS = {
  accessKeyId: "ASIAQ7ZX8KD4VM2RT9",
  secretAccessKey: SECRETS.secretAccessKey,
  sessionToken: SECRETS.sessionToken,
};
const PLACE = { region: "us-west-2", env: {} };

/** Ways in which a text could be repeated. */
const SPELLINGS: readonly ((secret: string) => string)[] = [
  (secret) => secret,
  (secret) => secret.slice(3, 14),
  (secret) => secret.toUpperCase(),
  encodeURIComponent,
  (secret) => encodeURIComponent(encodeURIComponent(secret)),
  (secret) => btoa(secret),
  (secret) => btoa(`a${secret}`).replaceAll("+", "-").replaceAll("/", "_"),
  (secret) => btoa(`ab${secret}`),
  (secret) => [...secret].reverse().join(""),
  (secret) => Array.from(secret, (each) => each.charCodeAt(0).toString(16)).join(""),
  (secret) => btoa(btoa(secret).repeat(2)),
  (secret) => `"${secret}",`,
];

/** Everything that a program might print of an error. */
function everyView(error: unknown): string {
  const { stack, message, cause } = error as Error;
  const deep = inspect(error, { depth: 9, showHidden: true });
  return [deep, JSON.stringify(error), stack, message, inspect(cause)].join("\n");
}

test("whatever STS and Cognito repeat of what was sent, no error shows it", async () => {
  for (const spell of SPELLINGS) {
    const echo = (...secrets: string[]) =>
      `The request had ${secrets.map(spell).join(" and ")} in it, which is not valid`;
    const ways = [
      createWebIdentity({
        ...PLACE,
        roleArn: ARN,
        token: TOKEN,
        fetch: play(refused(400, "InvalidIdentityToken", echo(TOKEN))),
      }),
      createAssumeRole({
        ...PLACE,
        roleArn: ARN,
        credentials: KEYS,
        fetch: play(refused(403, "AccessDenied", echo(...Object.values(KEYS)))),
      }),
      createCognitoIdentity({
        ...PLACE,
        identityPoolId: POOL,
        logins: { "issuer.example": TOKEN },
        fetch: play(
          Response.json({ __type: "NotAuthorizedException", message: echo(TOKEN) }, {
            status: 400,
          }),
        ),
      }),
    ];
    for (const provider of ways) {
      await assert.rejects(provider, (error: Error) => {
        assert.match(
          error.message,
          /refused .*: "The request had \*\*\*.* in it, which is not valid"/,
        );
        assertSilent(everyView(error), spell(TOKEN));
        return true;
      });
    }
  }
});

test("a secret that is full of signs is known in every spelling", () => {
  const secret = "a1+b2/c3=d4+e5";
  for (const spell of SPELLINGS) {
    assert.equal(maskSecrets(`It was ${spell(secret)}`, [secret]), "It was ***", spell(secret));
  }
});

test("words of a service that hold no secret stay", () => {
  for (
    const words of [
      "No OpenIDConnect provider found in your account for https://token.actions.githubusercontent.com",
      "User: arn:aws:sts::123456789012:assumed-role/some-rather-long-role-name/session is not " +
      "authorized to perform: sts:AssumeRole on resource: arn:aws:iam::123456789012:role/other",
      "Token expired: current date/time 1704727025 must be before the expiration date/time 1704574064",
    ]
  ) {
    assert.equal(maskSecrets(`${words}.`, Object.values(SECRETS)), words);
  }
});

test("a token is sent to STS alone, and shown by nothing that a provider is", async () => {
  const fetch = play(granted());
  const provider = createWebIdentity(
    { ...PLACE, roleArn: ARN, token: TOKEN, fetch },
    fakePlatform(),
  );
  await provider();
  assert.deepEqual(fetch.sent.map(({ url }) => url), ["https://sts.us-west-2.amazonaws.com/"]);
  assertSilent(everyView(provider), "the provider");
});

test("a token that cannot be one is refused without being quoted, before anything is sent", async () => {
  const fetch = play();
  for (const token of ["", "  ", `${TOKEN} `, `${TOKEN}\n${TOKEN}`, "ü", TOKEN.repeat(1000)]) {
    for (const given of [token, () => token, async () => token]) {
      const provider = webIdentity({ ...PLACE, roleArn: ARN, token: given, fetch });
      await rejects(provider(), "credentials_invalid", "The token from `token`");
      await provider().catch((error) => assertSilent(everyView(error), token));
    }
    const logins = { "issuer.example": token };
    const cognito = cognitoIdentity({ ...PLACE, identityPoolId: POOL, logins, fetch });
    await rejects(cognito(), "credentials_invalid", "The token from `logins`");
  }
});

test("what a token callback throws is the cause", async () => {
  const cause = new Error("no network");
  const token = () => Promise.reject(cause);
  const provider = webIdentity({ ...PLACE, roleArn: ARN, token });
  await assert.rejects(provider, { code: "credentials_failed", message: /^`token` failed/, cause });
});

test("Object.prototype decides nothing", async () => {
  const polluted = {
    roleArn: "arn:aws:iam::123456789012:role/other",
    stsEndpoint: "https://other.example",
    policy: "{}",
    providerId: "other",
    fips: true,
    token: "other",
    externalId: "other",
    credentials: KEYS,
    Policy: "{}",
    headers: { "x-other": "1" },
    referrer: "about:client",
    forceRefresh: true,
    accessKeyId: "other",
    AWS_ENDPOINT_URL_STS: "https://other.example",
  };
  const fetch = play(granted(), granted());
  const inits: RequestInit[] = [];
  const noted: Fetch = (url, init) => (inits.push(init!), fetch(url, init));
  const provider = createWebIdentity(
    { ...PLACE, roleArn: ARN, token: "token", fetch: noted },
    fakePlatform(),
  );
  const own = Object.keys(polluted);
  try {
    Object.assign(Object.prototype, polluted);
    assert.throws(() => webIdentity({ ...PLACE, roleArn: ARN } as never), {
      code: "option_invalid",
    });
    await provider();
    await provider();
  } finally {
    for (const name of own) Reflect.deleteProperty(Object.prototype, name);
  }
  assert.equal(inits.length, 1);
  assert.equal(inits[0]?.referrer, undefined);
  const [request] = fetch.sent;
  assert.equal(request?.url, "https://sts.us-west-2.amazonaws.com/");
  const names = [...new URLSearchParams(await request!.text()).keys()];
  assert.deepEqual(names.toSorted(), [
    "Action",
    "RoleArn",
    "RoleSessionName",
    "Version",
    "WebIdentityToken",
  ]);
});
