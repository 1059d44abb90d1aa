import assert from "node:assert/strict";
import fc from "fast-check";
import { bedrock, tokenProvider } from "../../mod.ts";
import { type Hostile, hostile, Hostility, made } from "./hostile.ts";
import { outcomeOf, valueOrRefusal } from "./outcome.ts";
import { property } from "./property.ts";
import { assertContained, recorder } from "./recorder.ts";
import { assertSilent, KEYS, SECRETS } from "./secrets.ts";
import { mutated } from "./texts.ts";
import { everyView, quietly } from "./views.ts";

/** The end of a callback. */
type Ending =
  | { readonly returns: Hostile }
  | { readonly throws: Hostile }
  | { readonly rejects: Hostile };

const ending: fc.Arbitrary<Ending> = fc.oneof(
  hostile.map((returns) => ({ returns })),
  hostile.map((throws) => ({ throws })),
  hostile.map((rejects) => ({ rejects })),
);

function end(ending: Ending): unknown {
  if ("returns" in ending) return made(ending.returns);
  if ("throws" in ending) throw made(ending.throws);
  return Promise.reject(made(ending.rejects));
}

const FIELDS = ["accessKeyId", "secretAccessKey", "sessionToken", "expiration"] as const;

/** An identity of which one field is not what it should be. */
const identity = fc.record({
  field: fc.constantFrom(...FIELDS),
  value: fc.oneof(
    mutated(...Object.values(SECRETS), "2026-11-24T12:00:00Z", "8640000000000001"),
    hostile.map((hostile) => ({ hostile })),
  ),
  throws: fc.boolean(),
});

const common = { region: "us-west-2", env: {} } as const;

/** Asks `explain()` and for a request, which must both end as promised. */
async function assertContainedWith(auth: object): Promise<void> {
  const { sent, fetch } = recorder();
  await quietly(async () => {
    const way = bedrock({ ...common, ...auth, fetch });
    const told = await way.explain();
    assertSilent(everyView(told), "explain()");
    const response = await way.fetch(`${way.url}/responses`, { method: "POST", body: "{}" });
    const body = await response.text();
    assertSilent(body, "the response");
    assert.equal(sent.length, response.ok ? 1 : 0, body);
    if (!response.ok) assert.equal(JSON.parse(body).error.type, "bedrock_error");
    assertContained(sent, new URL(way.url).origin);
  });
}

/** Asserts it of both functions that accept a callback for AWS credentials. */
async function assertIdentity(credentialProvider: () => never): Promise<void> {
  await assertContainedWith({ credentialProvider });
  await valueOrRefusal(async () => {
    const token = tokenProvider({ ...common, credentialProvider });
    assert.match(await token(), /^bedrock-api-key-/);
  });
}

property(
  "a tokenProvider that misbehaves in any way ends in a request or a refusal",
  150,
  fc.oneof(ending, mutated(...Object.values(SECRETS))),
  async (how) => {
    const tokenProvider = () => typeof how === "string" ? how : end(how);
    await assertContainedWith({ tokenProvider });
  },
);

property(
  "a credentialProvider that misbehaves in any way ends in a request or a refusal",
  60,
  ending,
  async (how) => await assertIdentity(() => end(how) as never),
);

property(
  "an identity with a field of any kind is used or refused",
  60,
  identity,
  async ({ field, value, throws }) => {
    const given = typeof value === "string" ? value : made(value.hostile);
    const identity = Object.defineProperty({ ...KEYS }, field, {
      enumerable: true,
      get() {
        if (throws) throw new Hostility("a getter");
        return given;
      },
    });
    await assertIdentity(() => identity as never);
  },
);

property(
  "the error of a callback is kept as the cause, whatever it is",
  40,
  hostile,
  async (name) => {
    const thrown = made(name);
    const token = tokenProvider({
      ...common,
      credentialProvider() {
        throw thrown;
      },
    });
    const outcome = await outcomeOf(() => token());
    assert.ok("thrown" in outcome);
    assert.equal((outcome.thrown as Error).cause, thrown);
  },
);
