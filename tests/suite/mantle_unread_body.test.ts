import assert from "node:assert/strict";
import { test } from "node:test";
import {
  EXAMPLE_BEARER_TOKEN,
  mantle,
  type ReceivedRequest,
} from "../../conformance/mantle/mod.ts";
import { withMantle } from "../support/local_mantle.ts";
import { BEARER, BODY, PATH, rewrite, signed } from "../support/mantle_clients.ts";
import { rawExchange } from "../support/raw_http.ts";

const HASHED = { headers: { "x-amz-content-sha256": "UNSIGNED-PAYLOAD" } };

type Made = Awaited<ReturnType<typeof signed>>;

/** Requests that their headers alone refuse. */
const REFUSED: Record<string, (url: string) => Promise<Made>> = {
  "no credential": async (url) => ({ ...await signed(url), headers: new Headers() }),
  "a wrong bearer token": async (url) => ({
    ...await signed(url),
    headers: new Headers({ authorization: `${BEARER.authorization}x` }),
  }),
  "a malformed short-term key": async (url) => ({
    ...await signed(url),
    headers: new Headers({ authorization: "Bearer bedrock-api-key-x" }),
  }),
  "an unknown key id": (url) => signed(url, { accessKeyId: "AKIDOTHER" }),
  "another Region": (url) => signed(url, { region: "us-east-1" }),
  "an old date": (url) => signed(url, { datetime: "20150830T123600Z" }),
  "a header that is not signed": async (url) => {
    const request = await signed(url);
    request.headers.set("x-amz-extra", "1");
    return request;
  },
  "a wrong secret, and a hash of the body": (url) =>
    signed(url, { ...HASHED, secretAccessKey: "wrong" }),
  "a changed signature, and a hash of the body": async (url) => {
    const request = await signed(url, HASHED);
    rewrite(request, /.$/, request.headers.get("authorization")?.endsWith("0") ? "1" : "0");
    return request;
  },
};

/** Creates a body that records whether it is read. */
function unreadBody() {
  const state = { pulled: 0 };
  const body = new ReadableStream<Uint8Array>({
    pull(controller) {
      state.pulled++;
      controller.enqueue(new TextEncoder().encode(BODY));
      controller.close();
    },
  }, { highWaterMark: 0 });
  return { state, body };
}

for (const [what, make] of Object.entries(REFUSED)) {
  test(`no body is read if the headers alone are refused: ${what}`, async () => {
    const url = `https://bedrock-mantle.us-west-2.api.aws${PATH}`;
    const { headers } = await make(url);
    const { state, body } = unreadBody();
    const observed: ReceivedRequest[] = [];
    const handler = mantle({ observe: (request) => void observed.push(request) });
    const init: RequestInit & { duplex: "half" } = { method: "POST", headers, duplex: "half" };
    const response = await handler(new Request(url, { ...init, body }));
    assert.equal(response.status, 401, await response.text());
    assert.equal(state.pulled, 0);
    assert.deepEqual(observed.map(({ auth, body }) => [auth, body.length]), [[undefined, 0]]);
  });
}

test("a body is read if only it can show whether the signature is right", async () => {
  const url = `https://bedrock-mantle.us-west-2.api.aws${PATH}`;
  for (const [secretAccessKey, status] of [["wrong", 401], [undefined, 200]] as const) {
    const { headers } = await signed(url, secretAccessKey ? { secretAccessKey } : {});
    const { state, body } = unreadBody();
    const init: RequestInit & { duplex: "half" } = { method: "POST", headers, duplex: "half" };
    const response = await mantle()(new Request(url, { ...init, body }));
    assert.equal(response.status, status, await response.text());
    assert.equal(state.pulled, 1);
  }
});

test("over a socket, a refusal arrives before the body is sent", async () => {
  await withMantle(async ({ origin }) => {
    const { host } = new URL(origin);
    const head = [`POST ${PATH} HTTP/1.1`, `host: ${host}`, "content-length: 1000000000"];
    for (const authorization of [[], [`authorization: Bearer ${EXAMPLE_BEARER_TOKEN}x`]]) {
      const response = await rawExchange(origin, ...head, ...authorization, "", "");
      assert.equal(response.status, 401);
    }
  });
});
