import type { CallOptions, Case, Subject } from "../case.ts";
import { equal, ok } from "../check.ts";
import { changesHeader, changesRequest } from "../subjects/faults.ts";
import { ask, call, empty, last, sentBy } from "./steps.ts";
import { signedHeaders, verifies } from "./signature.ts";
import { BEDROCK_SOURCE } from "./sources.ts";

/** Headers that proxies are known to change. */
const CHANGED_BY_PROXIES = {
  "accept": "*/*",
  "accept-encoding": "identity",
  "user-agent": "proxy/1.0",
  "via": "1.1 proxy",
  "traceparent": "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01",
  "x-forwarded-for": "192.0.2.1",
};

const throughProxy: Case = {
  id: "sigv4/survives-a-proxy",
  title: "The signature still verifies after a proxy has changed the headers that proxies change",
  source: "https://github.com/boto/botocore/issues/3643",
  own: true,
  needs: ["respond", "sigv4"],
  handle: empty,
  async run(subject, context) {
    const { region, credentials } = context;
    const sent = await sentBy(subject, context, { region, ...credentials });
    const headers = new Headers(sent.headers);
    for (const [name, value] of Object.entries(CHANGED_BY_PROXIES)) headers.set(name, value);
    for (const name of [...headers.keys()]) {
      if (name.startsWith("x-stainless-")) headers.delete(name);
    }
    await verifies({ ...sent, headers }, context, { credentials });
  },
  negative: (subject) => signingEverything(subject),
};

/** Adds a header that proxies change to the signed headers. */
function signingEverything(subject: Subject): Subject {
  return changesRequest(({ headers }) => {
    const authorization = headers.get("authorization") ?? "";
    headers.set("authorization", authorization.replace("SignedHeaders=", "SignedHeaders=accept;"));
  })(subject);
}

const staleHeaders: Case = {
  id: "sigv4/stale-headers-are-replaced",
  title: "Signature headers of an earlier attempt are replaced, not signed",
  source: BEDROCK_SOURCE,
  needs: ["call", "sigv4"],
  handle: empty,
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
  negative: changesHeader("x-amz-security-token", "stale"),
};

/** Headers of the caller, and how they must be sent. */
interface Given {
  readonly id: string;
  readonly title: string;
  readonly headers: NonNullable<CallOptions["headers"]>;
  readonly sent: Readonly<Record<string, string | null>>;
}

function given({ id, headers, sent, ...rest }: Given): Case {
  return {
    id: `sigv4/${id}`,
    ...rest,
    source: "https://github.com/aws/aws-sdk-js-v3/pull/3797",
    needs: ["respond", "sigv4"],
    handle: empty,
    async run(subject, context) {
      const { region, credentials, fetch } = context;
      await ask(await subject.connect({ region, ...credentials }, fetch), { headers });
      const request = last(context);
      for (const [name, value] of Object.entries(sent)) {
        equal(request.headers.get(name), value, `Header ${name}`);
        const amazon = name.startsWith("x-amz-") && value !== null;
        ok(!amazon || signedHeaders(request).includes(name), `${name} is not signed`);
      }
      await verifies(request, context, { credentials });
    },
    negative: changesHeader(Object.keys(sent)[0] as string, "changed on the way"),
  };
}

const callersHeaders: readonly Given[] = [
  {
    id: "headers-with-white-space",
    title: "A header with white space in its value is signed with the white space folded",
    headers: { "x-amz-meta-own": "  a   b\t c " },
    sent: { "x-amz-meta-own": "a   b\t c" },
  },
  {
    id: "empty-and-absent-headers",
    title: "A header with an empty value is signed, and one that is undefined is not sent",
    headers: { "x-amz-meta-empty": "", "x-amz-meta-absent": undefined },
    sent: { "x-amz-meta-empty": "", "x-amz-meta-absent": null },
  },
  {
    id: "repeated-headers",
    title: "A header that is given twice is signed as the list that is sent",
    headers: { "x-amz-meta-own": ["two", "one"] },
    sent: { "x-amz-meta-own": "two, one" },
  },
  {
    id: "callers-content-type",
    title: "The caller's own content type is sent unchanged, and the signature verifies",
    headers: { "content-type": "application/json;   charset=utf-8" },
    sent: { "content-type": "application/json;   charset=utf-8" },
  },
];

export const sigv4Headers: readonly Case[] = [
  throughProxy,
  staleHeaders,
  ...callersHeaders.map(given),
];
