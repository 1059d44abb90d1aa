import type { Case, Subject } from "../case.ts";
import { equal } from "../check.ts";
import { configures, type Fault, sends, sendsHeader } from "../subjects/faults.ts";
import { call, empty, last, sentBy } from "./steps.ts";
import { verifies } from "./signature.ts";

const LITELLM_31476 = "https://github.com/BerriAI/litellm/pull/31476";
const SIGNING = "https://docs.aws.amazon.com/IAM/latest/UserGuide/create-signed-request.html";

/** Alters a body after it was signed. */
const tamperedBody = sends((request) => void (request.body = "{}"));
const tamperedQuery = sends((request) => void (request.url += "&added=1"));
const tamperedPath = sends((request) => {
  request.url = request.url.replace("/v1/", "/v1/added/");
});
const unsigned = sendsHeader("authorization", undefined);

const mantle: Case = {
  id: "sigv4/mantle-signs-for-bedrock-mantle",
  title: "A request to Mantle is signed for the service bedrock-mantle, and the signature verifies",
  source: LITELLM_31476,
  needs: ["respond", "sigv4"],
  answer: empty,
  async run(subject, context) {
    const { region, credentials } = context;
    await verifies(await sentBy(subject, context, { region, ...credentials }), context, {
      credentials,
    });
  },
  negative: tamperedBody,
};

const runtime: Case = {
  id: "sigv4/runtime-signs-for-bedrock",
  title: "A request to Bedrock Runtime is signed for the service bedrock",
  source: "https://github.com/BerriAI/litellm/issues/31475",
  needs: ["respond", "sigv4", "runtime"],
  answer: empty,
  async run(subject, context) {
    const { region, credentials } = context;
    const options = { region, endpoint: "runtime", ...credentials } as const;
    const request = await sentBy(subject, context, options);
    await verifies(request, context, { credentials, endpoint: "runtime" });
  },
  negative: configures((options) => ({ ...options, endpoint: "mantle" })),
};

/** What is called with keys; every request must verify. */
interface Signed {
  readonly id: string;
  readonly title: string;
  readonly source: string;
  readonly own?: true;
  readonly calls: readonly (readonly [method: "GET" | "POST" | "DELETE", path: string])[];
  readonly negative: Fault;
}

function signed({ id, calls, ...rest }: Signed): Case {
  return {
    id: `sigv4/${id}`,
    ...rest,
    needs: ["call", "sigv4"],
    answer: empty,
    async run(subject, context) {
      const { region, credentials, fetch } = context;
      const connection = await subject.connect({ region, ...credentials }, fetch);
      for (const [method, path] of calls) {
        await call(connection, method, path, method === "POST" ? { body: {} } : {});
        await verifies(last(context), context, { credentials });
      }
    },
  };
}

const get = (path: string) => ["GET", path] as const;

const requests: readonly Signed[] = [
  {
    id: "every-method-is-signed",
    title: "GET and DELETE are signed like POST",
    source: "vercel/ai packages/amazon-bedrock/src/amazon-bedrock-sigv4-fetch.ts",
    calls: [
      get("/responses/resp_1"),
      ["DELETE", "/responses/resp_1"],
      ["POST", "/responses/resp_1/cancel"],
      get("/models"),
    ],
    negative: unsigned,
  },
  {
    id: "repeated-query-names",
    title: "A query name that is repeated is signed as often as it is sent",
    source: "https://github.com/openai/openai-node/issues/2545",
    calls: [
      get("/responses/r?include=b&include=a"),
      get("/responses/r?include[]=b&include[]=a&x=1"),
      get(`/responses/r?${Array.from({ length: 100 }, (_, i) => `a=${i % 7}`).join("&")}`),
    ],
    negative: tamperedQuery,
  },
  {
    id: "odd-query-characters",
    title: "A plus, a space, an empty value and a name without one are signed as they are sent",
    source: SIGNING,
    calls: [
      get("/models?a=1%2B2&b=%20&c="),
      get("/models?d&e=%C3%A9&f=~"),
      get("/models?g=a%2Fb&h=(*)"),
    ],
    negative: tamperedQuery,
  },
  {
    id: "inherited-query-names",
    title: "Query names that objects inherit are signed like any other",
    source: "https://github.com/openai/openai-node/issues/2375",
    calls: [get("/models?constructor=1&toString=2"), get("/models?hasOwnProperty=1&valueOf")],
    negative: tamperedQuery,
  },
  {
    id: "proto-as-query-name",
    title: "The name __proto__ can be signed in a query",
    source: "https://github.com/openai/openai-node/issues/2375",
    own: true,
    calls: [get("/models?__proto__=1"), get("/models?a=0&__proto__=2&__proto__=1")],
    negative: tamperedQuery,
  },
  {
    id: "odd-paths",
    title: "Encoded slashes, colons, semicolons and letters beyond ASCII in a path are signed",
    source: "https://github.com/aws/aws-sdk-js-v3/pull/3408",
    calls: [
      get("/models/openai.gpt-oss-120b-1:0"),
      get("/models/a%2Fb"),
      get("/models/a;b=c"),
      get("/models/%C3%A9"),
      get("/models//twice"),
    ],
    negative: tamperedPath,
  },
];

const bodies: Case = {
  id: "sigv4/bodies-byte-for-byte",
  title: "Text beyond ASCII and bytes that are no text are signed and arrive unaltered",
  source: "vercel/ai packages/amazon-bedrock/src/amazon-bedrock-sigv4-fetch.ts",
  needs: ["call", "sigv4"],
  answer: empty,
  async run(subject, context) {
    const { region, credentials, fetch } = context;
    const connection = await subject.connect({ region, ...credentials }, fetch);
    await call(connection, "POST", "/responses", { body: { input: "Grüße \u2028 \u{1f600}" } });
    await verifies(last(context), context, { credentials });
    const body = new Uint8Array([0, 0xff, 0xc3, 0x28, 0x0a, 0xfe]);
    const headers = { "content-type": "application/octet-stream" };
    await call(connection, "POST", "/responses", { body, headers });
    await verifies(last(context), context, { credentials });
    equal([...last(context).body], [...body], "Bytes that arrived");
  },
  negative: sends((request) => {
    if (typeof request.body !== "string") request.body = "\u0000\ufffd\ufffd(\n\ufffd";
  }),
};

/** What proxies on the way are known to change. */
const CHANGED_ON_THE_WAY = {
  "accept": "*/*",
  "accept-encoding": "identity",
  "user-agent": "proxy/1.0",
  "via": "1.1 proxy",
  "traceparent": "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01",
  "x-forwarded-for": "192.0.2.1",
};

const throughProxy: Case = {
  id: "sigv4/survives-a-proxy",
  title: "The signature still verifies when a proxy has changed headers that are its own to change",
  source: "https://github.com/boto/botocore/issues/3643",
  own: true,
  needs: ["respond", "sigv4"],
  answer: empty,
  async run(subject, context) {
    const { region, credentials } = context;
    const sent = await sentBy(subject, context, { region, ...credentials });
    const headers = new Headers(sent.headers);
    for (const [name, value] of Object.entries(CHANGED_ON_THE_WAY)) headers.set(name, value);
    for (const name of [...headers.keys()]) {
      if (name.startsWith("x-stainless-")) headers.delete(name);
    }
    await verifies({ ...sent, headers }, context, { credentials });
  },
  negative: (subject) => signingEverything(subject),
};

/** Claims to have signed a header that proxies change. */
function signingEverything(subject: Subject): Subject {
  return sends(({ headers }) => {
    const authorization = headers.get("authorization") ?? "";
    headers.set("authorization", authorization.replace("SignedHeaders=", "SignedHeaders=accept;"));
  })(subject);
}

const staleHeaders: Case = {
  id: "sigv4/stale-headers-are-replaced",
  title: "What an earlier attempt has signed is replaced, and not signed again",
  source: "openai/openai-node@7b7d6ca7 src/internal/bedrock.ts",
  needs: ["call", "sigv4"],
  answer: empty,
  async run(subject, context) {
    const { region, credentials, fetch } = context;
    const connection = await subject.connect({ region, ...credentials }, fetch);
    const headers = {
      "x-amz-date": "20000101T000000Z",
      "x-amz-content-sha256": "stale",
      "x-amz-security-token": "stale",
    };
    await call(connection, "POST", "/responses", { body: {}, headers });
    await verifies(last(context), context, { credentials });
  },
  negative: sendsHeader("x-amz-security-token", "stale"),
};

export const sigv4: readonly Case[] = [
  mantle,
  runtime,
  ...requests.map(signed),
  bodies,
  throughProxy,
  staleHeaders,
];
