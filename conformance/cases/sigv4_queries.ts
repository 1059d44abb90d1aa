import type { CallOptions, Case, SentRequest } from "../case.ts";
import { equal, ok } from "../check.ts";
import { changesRequest } from "../subjects/faults.ts";
import { call, empty, last } from "./steps.ts";
import { verifies } from "./signature.ts";
import { SIGNING } from "./sources.ts";

type Query = NonNullable<CallOptions["query"]>;

const changedOnTheWay = changesRequest((request) => void (request.url += "&added=1"));

/** Queries that must arrive unchanged, with a signature that verifies. */
interface Queries {
  readonly id: string;
  readonly title: string;
  readonly source: string;
  readonly queries: readonly Query[];
}

function signed({ id, queries, ...rest }: Queries): Case {
  return {
    id: `sigv4/${id}`,
    ...rest,
    needs: ["call", "sigv4"],
    handle: empty,
    async run(subject, context) {
      const { region, credentials, fetch } = context;
      const connection = await subject.connect({ region, ...credentials }, fetch);
      for (const query of queries) {
        await call(connection, "GET", "/models", { query });
        equal(valuesOf(last(context)), Object.values(query).flat().toSorted(), "Values");
        await verifies(last(context), context, { credentials });
      }
    },
    negative: changedOnTheWay,
  };
}

function valuesOf({ url }: SentRequest): string[] {
  return [...new URL(url).searchParams.values()].toSorted();
}

const repeated = (count: number) => Array.from({ length: count }, (_, index) => `${index % 7}`);

const queries: readonly Queries[] = [
  {
    id: "repeated-query-names",
    title: "A repeated query name is signed as often as it is sent, even a thousand times",
    source: "https://github.com/openai/openai-node/issues/2545",
    queries: [{ include: ["b", "a"] }, { include: ["b", "a"], x: "1" }, { a: repeated(1_000) }],
  },
  {
    id: "odd-query-characters",
    title: "A plus, a space, a percent sign and an empty value are signed as they are sent",
    source: SIGNING,
    queries: [
      { a: "1+2", b: " ", c: "" },
      { d: "100%", e: "\u00e9", f: "~" },
      { g: "a/b", h: "(*)", i: "%2B" },
    ],
  },
  {
    id: "inherited-query-names",
    title: "Query names that objects inherit are signed like any other",
    source: "https://github.com/openai/openai-node/issues/2375",
    queries: [{ constructor: "1", toString: "2" }, { hasOwnProperty: "1", valueOf: "" }],
  },
];

const proto: Case = {
  id: "sigv4/proto-as-query-name",
  title: "The name __proto__ can be signed in a query",
  source: "https://github.com/openai/openai-node/issues/2375",
  own: true,
  needs: ["call", "sigv4"],
  handle: empty,
  async run(subject, context) {
    const { region, credentials, fetch } = context;
    const connection = await subject.connect({ region, ...credentials }, fetch);
    for (const path of ["/models?__proto__=1", "/models?a=0&%5F_proto__=2"]) {
      await call(connection, "GET", path);
      ok(new URL(last(context).url).searchParams.has("__proto__"), "The name is lost");
      await verifies(last(context), context, { credentials });
    }
  },
  negative: changedOnTheWay,
};

/** Queries as a program may write them by hand, with an unambiguous spelling. */
const BY_HAND: Readonly<Record<string, string>> = {
  "?a=1+2": "?a=1%202",
  "?a+b=%2B": "?a%20b=%2B",
  "?a=100%": "?a=100%25",
  "?%zz=%4": "?%25zz=%254",
  "?a=1&a=0&__proto__=2&__proto__=1": "?a=1&a=0&__proto__=2&__proto__=1",
  "?a&b=&=c": "?a&b=&=c",
  "?&a&&b=1&": "?a&b=1",
  "?&": "",
};

const byHand: Case = {
  id: "sigv4/query-that-signers-read-differently",
  title:
    "A bare plus and a percent sign that encodes nothing are encoded, and empty pairs left out, before they are sent",
  source: "https://github.com/curl/curl/issues/20543",
  own: true,
  needs: ["fetch", "sigv4"],
  handle: empty,
  async run(subject, context) {
    const { region, credentials, fetch } = context;
    const connection = await subject.connect({ region, ...credentials }, fetch);
    for (const [written, encoded] of Object.entries(BY_HAND)) {
      const url = `${connection.baseURL}/models${written}`;
      for (const input of [url, new Request(url, { method: "POST", body: "text" })]) {
        await connection.fetch?.(input);
        equal(new URL(last(context).url).search, encoded, "Query");
        // The verifiers accept no pair without a name
        if (!encoded.includes("&=")) await verifies(last(context), context, { credentials });
      }
    }
  },
  negative: changesRequest((request) => void (request.url = request.url.replace("%20", "+"))),
};

export const sigv4Queries: readonly Case[] = [...queries.map(signed), proto, byHand];
