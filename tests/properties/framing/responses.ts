import fc from "fast-check";
import { framed, mostly, seldom } from "./bodies.ts";

/** Stands in a head for the path of the request that it responds to. */
export const TARGET = "@target";

/** The reply of an upstream to one request. */
export interface Reply {
  readonly bytes: string;
  /** True if it does not wait for the end of the request. */
  readonly early: boolean;
  /** The next action; it hangs up in any case if the response has no end yet. */
  readonly then: "wait" | "end" | "reset";
}

const SECOND = "HTTP/1.1 200 OK\r\nContent-Length: 6\r\nX-Target: second\r\n\r\nsecond";

const status = fc.oneof(
  { weight: 10, arbitrary: fc.constant("HTTP/1.1 200 OK") },
  {
    weight: 6,
    arbitrary: fc.constantFrom(
      ...[201, 202, 204, 205, 206, 299, 304, 307, 400, 404, 413, 500, 503].map((code) =>
        `HTTP/1.1 ${code} Words`
      ),
    ),
  },
  {
    weight: 1,
    arbitrary: fc.constantFrom(
      "HTTP/1.0 200 OK",
      "HTTP/1.2 200 OK",
      "HTTP/2 200 OK",
      "HTTP/1.1 200",
      "HTTP/1.1 200 ",
      "HTTP/1.1 200 \xff",
      "HTTP/1.1  200 OK",
      "HTTP/1.1 099 Low",
      "HTTP/1.1 100 Continue",
      "HTTP/1.1 101 Switching Protocols",
      "HTTP/1.1 101 Switching Protocols\r\nConnection: Upgrade\r\nUpgrade: websocket",
      "HTTP/1.1 101 Switching Protocols\r\nConnection: Upgrade\r\nUpgrade: h2c",
      "HTTP/1.1 102 Processing",
      "HTTP/1.1 199 Odd",
      "HTTP/1.1 600 High",
      "HTTP/1.1 999 High",
      "HTTP/1.1 20 Short",
      "HTTP/1.1 2000 Long",
      "HTTP/1.1 -200 Sign",
      "ICY 200 OK",
      "",
    ),
  },
);

const odd = fc.constantFrom(
  "Connection: close",
  "Connection: keep-alive",
  "Connection: Upgrade\r\nUpgrade: websocket",
  "Connection: content-length",
  "Upgrade: h2c",
  "Keep-Alive: timeout=5",
  "Trailer: X-Trailer",
  "TE: trailers",
  "Content-Encoding: identity",
  "Content-Range: bytes 0-1/5",
  "Set-Cookie: a=b",
  "X: \xe9\xff",
  "X: a\r\n b",
  "X: a\x00b",
  "X: a\rb",
  "X: a\nb",
  "X y: a",
  "X : a",
  ": a",
  "nothing",
  " X: a",
  `X: ${"a".repeat(5_000)}`,
);

const text = fc.oneof(
  { weight: 4, arbitrary: fc.constantFrom("{}", "a", "hello", "0\r\n\r\n", "\r\n", "", SECOND) },
  { weight: 1, arbitrary: fc.integer({ min: 1, max: 90_000 }).map((size) => "r".repeat(size)) },
);

const place = fc.nat(1_000).map((place) => place / 1_000);

/** A response in bytes, which is nearly in order. */
export const reply: fc.Arbitrary<Reply> = fc.record({
  before: mostly(
    "",
    "HTTP/1.1 100 Continue\r\n\r\n",
    "HTTP/1.1 103 Early Hints\r\nLink: </a>\r\n\r\n",
    "HTTP/1.1 102 Processing\r\n\r\n",
    "HTTP/1.1 100 Continue\r\nContent-Length: 5\r\n\r\n",
    "HTTP/1.1 101 Switching Protocols\r\n\r\n",
    "\r\n",
    " ",
  ),
  status,
  odd: seldom(odd),
  content: text.chain(framed),
  eol: mostly("\r\n", "\n", "\r", "\r\r\n"),
  end: mostly("\r\n", "\n", "\r"),
  after: mostly("", SECOND, "garbage", "\r\n"),
  cut: fc.oneof({ weight: 5, arbitrary: fc.constant(1) }, { weight: 1, arbitrary: place }),
  early: mostly(false, true),
  then: fc.oneof({ weight: 3, arbitrary: fc.constant("wait" as const) }, {
    weight: 2,
    arbitrary: fc.constantFrom("end" as const, "reset" as const),
  }),
}).map(({ before, status, odd, content, eol, end, after, cut, early, then }) => {
  const head = [status, `X-Target: ${TARGET}`, ...odd, ...content.lines].join(eol);
  const bytes = before + head + end + end + content.body + after;
  return { bytes: bytes.slice(0, Math.round(cut * bytes.length)), early, then };
});
