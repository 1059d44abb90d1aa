import fc from "fast-check";
import { framed, mostly, seldom } from "./bodies.ts";

/** Stands for the number of the exchange in its path, at the same length. */
export const NUMBER = "@@@@@@@";

/** The host and the key that the proxy requires. */
export interface Admission {
  readonly host: string;
  readonly key: string;
}

/** Stands for the place of a request among those of its connection. */
const PLACE = "~";

const PATH = `/openai/v1/${NUMBER}`;

/** Creates a valid request. */
export function plainRequest(
  { host, key }: Admission,
  name: string,
  ...lines: readonly string[]
): string {
  const head = [
    `GET ${PATH}/${name} HTTP/1.1`,
    `Host: ${host}`,
    `Authorization: Bearer ${key}`,
    ...lines,
  ];
  return `${head.join("\r\n")}\r\n\r\n`;
}

const start = fc.tuple(
  fc.oneof(
    { weight: 6, arbitrary: fc.constant("POST") },
    { weight: 3, arbitrary: fc.constantFrom("GET", "HEAD", "PUT", "DELETE", "PATCH") },
    { weight: 1, arbitrary: fc.constantFrom("OPTIONS", "TRACE", "CONNECT", "get", "FOO", "PRI") },
  ),
  mostly(" ", "  ", "\t"),
  mostly("", "?a=b", "#c", "%0d%0a", "\x7f", "\xff"),
  mostly(
    " HTTP/1.1",
    "  HTTP/1.1",
    " HTTP/1.0",
    " HTTP/1.2",
    " HTTP/2.0",
    " http/1.1",
    " HTTP/01.1",
    "",
  ),
).map(([method, space, tail, version]) => `${method}${space}${PATH}/${PLACE}${tail}${version}`);

/** Lines that change how a message is read, or may seem to. */
const odd = (admission: Admission) =>
  fc.constantFrom(
    "Connection: close",
    "Connection: keep-alive",
    "Connection: content-length",
    "Connection: transfer-encoding, host",
    "Connection: Upgrade",
    "Connection: Upgrade\r\nUpgrade: h2c",
    "Connection: Upgrade, HTTP2-Settings\r\nUpgrade: h2c\r\nHTTP2-Settings: AAMAAABkAARAAAAAAAIAAAAA",
    "Connection: Upgrade\r\nUpgrade: websocket",
    "Upgrade: foo",
    "Proxy-Connection: close",
    "Keep-Alive: timeout=1",
    "TE: trailers",
    "Trailer: X-Trailer",
    "Expect: 100-continue",
    "Expect: something",
    "X: \xe9\xff",
    "X: a\tb",
    "X: a\r\n b",
    "X: a\x00b",
    "X: a\x01b",
    "X: a\rb",
    "X: a\nb",
    "X\x00: a",
    "X\xff: a",
    "X y: a",
    "X: ",
    ": a",
    "nothing",
    " X: a",
    `X: ${"a".repeat(5_000)}`,
    `Host: ${admission.host}`,
    "Host: evil.example",
    "Authorization: Bearer wrong",
  );

const text = (admission: Admission) =>
  fc.oneof(
    { weight: 3, arbitrary: fc.constantFrom("{}", "a", "hello", "0\r\n\r\n", "\r\n", "") },
    { weight: 2, arbitrary: fc.constant(plainRequest(admission, "smuggled")) },
    { weight: 1, arbitrary: fc.integer({ min: 1, max: 90_000 }).map((size) => "b".repeat(size)) },
  );

/** Generates a request that is nearly valid. */
function request(admission: Admission): fc.Arbitrary<string> {
  const { host, key } = admission;
  return fc.record({
    before: mostly("", "\r\n", "\n", " ", "\r\n\r\n"),
    start,
    host: mostly([`Host: ${host}`], [], ["Host: evil.example"], [`Host:\t${host} `], [
      `Host : ${host}`,
    ]),
    key: mostly(`Authorization: Bearer ${key}`, "Authorization: Bearer wrong"),
    odd: seldom(odd(admission)),
    content: fc.option(text(admission).chain(framed), { nil: { lines: [], body: "" } }),
    framingFirst: fc.boolean(),
    eol: mostly("\r\n", "\n", "\r", "\r\r\n"),
    end: mostly("\r\n", "\n", "\r", "\r\r\n"),
  }).map(({ before, start, host, key, odd, content, framingFirst, eol, end }) => {
    const { lines, body } = content;
    const rest = framingFirst ? [...lines, ...odd] : [...odd, ...lines];
    return before + [start, ...host, key, ...rest].join(eol) + end + end + body;
  });
}

/** The bytes that a client sends over one connection, cut into pieces, and its departure. */
export interface Sending {
  readonly requests: readonly string[];
  /** True if all of them are valid. */
  readonly isPlain: boolean;
  /** The places of the cuts, from 0 to 1. */
  readonly cuts: readonly number[];
  /** After which part of it the client leaves without waiting for a response, from 0 to 1. */
  readonly leavesAt: number | undefined;
}

const place = fc.nat(1_000).map((place) => place / 1_000);

export function sendings(admission: Admission): fc.Arbitrary<Sending> {
  const plain = fc.constant(plainRequest(admission, PLACE));
  const any = fc.oneof({ weight: 3, arbitrary: request(admission) }, {
    weight: 1,
    arbitrary: plain,
  });
  return fc.record({
    requests: fc.array(any, { minLength: 1, maxLength: 4 }),
    cuts: fc.array(place, { maxLength: 3 }),
    leavesAt: fc.oneof({ weight: 5, arbitrary: fc.constant(undefined) }, {
      weight: 1,
      arbitrary: place,
    }),
  }).map(({ requests, ...rest }) => ({
    requests: requests.map((text, place) => text.replaceAll(PLACE, `${place}`)),
    isPlain: requests.every((text) => text === plainRequest(admission, PLACE)),
    ...rest,
  }));
}
