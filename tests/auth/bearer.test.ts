import assert from "node:assert/strict";
import { test } from "node:test";
import { bedrock } from "../../mod.ts";
import { refuses, rejects, SECRET } from "../support/refusal.ts";

const INVALID = ["\n", "\r\nx-evil: 1", "\0", "\u0100", "\u007f", "\u{1f600}"].map((end) =>
  SECRET + end
);
const OPTIONS = {
  region: "us-west-2",
  env: {},
  fetch: () => Promise.reject(new Error("was sent")),
};

test("a token that cannot be a header value is refused without being shown", async () => {
  for (const token of [...INVALID, ` ${SECRET}`, `${SECRET}\t`]) {
    refuses(() => bedrock({ ...OPTIONS, apiKey: token }), "credentials_invalid", "`apiKey`");
    const { fetch, url } = bedrock({ ...OPTIONS, tokenProvider: () => token });
    await rejects(fetch(url), "credentials_invalid", "`tokenProvider`");
  }
  for (const token of INVALID.slice(0, 2).map((text) => `x${text.trimStart()}y`)) {
    const { fetch, url } = bedrock({ ...OPTIONS, env: { AWS_BEARER_TOKEN_BEDROCK: token } });
    await rejects(fetch(url), "credentials_invalid", "AWS_BEARER_TOKEN_BEDROCK");
  }
});

test("a token provider that returns no text is refused", async () => {
  for (const token of ["", " ", undefined, null, 7, {}]) {
    const { fetch, url } = bedrock({ ...OPTIONS, tokenProvider: () => token as string });
    await rejects(fetch(url), "credentials_invalid", "`tokenProvider`");
  }
});

test("every character that a header can carry is sent as it is", async () => {
  let sent: string | null = null;
  const { fetch, url } = bedrock({
    ...OPTIONS,
    apiKey: 'a b\tc~!"=+/é',
    fetch: async (_url, init) => {
      sent = new Headers(init?.headers).get("authorization");
      return new Response();
    },
  });
  await fetch(url);
  assert.equal(sent, 'Bearer a b\tc~!"=+/é');
});

test("a stream may be sent with a bearer token", async () => {
  const body = new Blob(["one-shot"]).stream();
  let sent: unknown;
  const { fetch, url } = bedrock({
    ...OPTIONS,
    apiKey: "key",
    fetch: async (_url, init) => (sent = init?.body, new Response()),
  });
  await fetch(url, { method: "POST", body });
  assert.equal(sent, body);
});
