import fc from "fast-check";

/** Generates mostly the first value, which is valid. */
export function mostly<T>(usual: T, ...odd: readonly T[]): fc.Arbitrary<T> {
  return fc.oneof({ weight: 30, arbitrary: fc.constant(usual) }, {
    weight: 1,
    arbitrary: fc.constantFrom(...odd),
  });
}

/** Generates nothing in most cases, and otherwise one or two of these. */
export function seldom<T>(odd: fc.Arbitrary<T>): fc.Arbitrary<readonly T[]> {
  return fc.oneof(
    { weight: 2, arbitrary: fc.constant<readonly T[]>([]) },
    { weight: 1, arbitrary: fc.array(odd, { minLength: 1, maxLength: 2 }) },
  );
}

/**
 * Marks text that llhttp does not understand and Bun, as recipients should, ignores: the text of a
 * chunk extension (RFC 9112, section 7.1.1), a tab after the name of a coding, and an element of a
 * list that is empty (RFC 9110, section 5.6.1).
 */
const ignorable = (text: string) => text === "" ? "" : `\u27e8${text}\u27e9`;

/** Returns the bytes that are sent, without the marks. */
export function withoutMarks(text: string): string {
  return text.replace(/[\u27e8\u27e9]/g, "");
}

/** Removes the marked text. */
export function bare(text: string): string {
  return text.replace(/\u27e8[^\u27e9]*(?:\u27e9|$)/g, "");
}

/** A body, and the lines of the head that say where it ends. */
export interface Framed {
  readonly lines: readonly string[];
  readonly body: string;
}

const END = mostly("\r\n", "\n", "\r", "", "\r\r\n");

function lengthLine(length: number): fc.Arbitrary<string> {
  return mostly(
    `Content-Length: ${length}`,
    `content-length:${length}`,
    `CONTENT-LENGTH: \t${length} \t`,
    `Content-Length: 0${length}`,
    `Content-Length: +${length}`,
    `Content-Length: -${length}`,
    `Content-Length: 0x${length.toString(16)}`,
    `Content-Length: ${length}.0`,
    `Content-Length: ${length}e0`,
    `Content-Length: ${length}, ${length}`,
    `Content-Length: ${length},${length + 1}`,
    `Content-Length: ${length};`,
    `Content-Length: "${length}"`,
    `Content-Length: ${length} ${length}`,
    `Content-Length: ${length}\x00`,
    `Content-Length: ${length}\xa0`,
    `Content-Length: \x0b${length}`,
    `Content-Length:\r\n ${length}`,
    `Content-Length : ${length}`,
    ` Content-Length: ${length}`,
    `Content-Length\t: ${length}`,
    `Content_Length: ${length}`,
    `Content-Length: `,
    `Content-Length: 18446744073709551616`,
    `Content-Length: ${2n ** 64n + BigInt(length)}`,
    `Content-Length: ${length + 1}`,
    `Content-Length: ${Math.max(0, length - 1)}`,
    `Content-Length: ${length}\r\nContent-Length: ${length}`,
    `Content-Length: ${length}\r\nContent-Length: ${length + 1}`,
    `Content-Length: 0\r\nContent-Length: ${length}`,
  );
}

const codingLine = mostly(
  "Transfer-Encoding: chunked",
  "transfer-encoding:chunked",
  "Transfer-Encoding: Chunked",
  `Transfer-Encoding: chunked${ignorable("\t ")}`,
  "Transfer-Encoding: chunked, chunked",
  "Transfer-Encoding: gzip, chunked",
  "Transfer-Encoding: chunked, identity",
  "Transfer-Encoding: identity",
  "Transfer-Encoding: identity, chunked",
  "Transfer-Encoding: xchunked",
  "Transfer-Encoding: chunkedx",
  "Transfer-Encoding: chunked;q=1",
  `Transfer-Encoding: ${ignorable(",")}chunked`,
  `Transfer-Encoding: chunked${ignorable(",")}`,
  "Transfer-Encoding: ",
  "Transfer-Encoding: \x0bchunked",
  "Transfer-Encoding: chunked\x00",
  'Transfer-Encoding: "chunked"',
  "Transfer-Encoding:\r\n chunked",
  "Transfer-Encoding: x\r\n chunked",
  "Transfer-Encoding : chunked",
  " Transfer-Encoding: chunked",
  "Transfer_Encoding: chunked",
  "Transfer-Encoding: chunked\r\nTransfer-Encoding: chunked",
  "Transfer-Encoding: chunked\r\nTransfer-Encoding: identity",
  "Transfer-Encoding: identity\r\nTransfer-Encoding: chunked",
  "X: y\rTransfer-Encoding: chunked",
  "X: y\nTransfer-Encoding: chunked",
);

const extension = mostly(
  "",
  ";",
  ";a",
  ";a=b",
  ' ; a = "b"',
  ';a="x;y"',
  ';a="x\r\ny"',
  ";a=\n",
  ";a=\r",
  `;a=${"b".repeat(300)}`,
  ";\xff",
  ";\x00",
).map((text) => /[\r\n]/.test(text) ? text : ignorable(text));

function sizeOf(length: number): fc.Arbitrary<string> {
  const hex = length.toString(16);
  return mostly(
    hex,
    hex.toUpperCase(),
    `000${hex}`,
    `0x${hex}`,
    `+${hex}`,
    `-${hex}`,
    ` ${hex}`,
    `${hex} `,
    `${hex}\t`,
    `${hex}\x00`,
    `${hex}g`,
    `1000000000000000${hex}`,
    `${hex}\r`,
    "",
    (length + 1).toString(16),
    Math.max(0, length - 1).toString(16),
  );
}

const chunk = (data: string): fc.Arbitrary<string> =>
  fc.tuple(sizeOf(data.length), extension, END, END).map(([size, extension, line, end]) =>
    size + extension + line + data + end
  );

const trailer = mostly(
  "",
  "X-Trailer: 1\r\n",
  "Content-Length: 3\r\n",
  "Transfer-Encoding: chunked\r\n",
  "Authorization: Bearer other\r\n",
  "Host: evil.example\r\n",
  "X: y\n",
  "X : y\r\n",
  "X: a\r\n b\r\n",
  "X: \xff\r\n",
  "nothing\r\n",
  ": empty\r\n",
);

const last = fc.tuple(mostly("0", "00", "000000", "0 ", "0x0", ""), extension, END, trailer, END)
  .map(([size, extension, line, trailer, end]) => size + extension + line + trailer + end);

function chunked(data: string): fc.Arbitrary<string> {
  const place = fc.nat(data.length);
  const chunks = place.chain((place) => {
    const parts = [data.slice(0, place), data.slice(place)].filter((part) => part !== "");
    return fc.tuple(...parts.map(chunk));
  });
  return fc.tuple(chunks, last).map(([chunks, last]) => chunks.join("") + last);
}

/** Generates this text as a body with any framing. */
export function framed(data: string): fc.Arbitrary<Framed> {
  const length = fc.tuple(lengthLine(data.length))
    .map(([line]) => ({ lines: [line], body: data }));
  const inChunks = fc.tuple(codingLine, chunked(data))
    .map(([line, body]) => ({ lines: [line], body }));
  const both = fc.tuple(
    lengthLine(data.length),
    codingLine,
    chunked(data),
    fc.boolean(),
    fc.boolean(),
  )
    .map(([length, coding, chunks, first, raw]) => ({
      lines: first ? [length, coding] : [coding, length],
      body: raw ? data : chunks,
    }));
  const lengthOfChunks = fc.tuple(codingLine, chunked(data)).chain(([coding, body]) =>
    lengthLine(withoutMarks(body).length).map((length) => ({ lines: [coding, length], body }))
  );
  return fc.oneof(
    { weight: 8, arbitrary: length },
    { weight: 8, arbitrary: inChunks },
    { weight: 1, arbitrary: both },
    { weight: 1, arbitrary: lengthOfChunks },
    { weight: 1, arbitrary: fc.constant({ lines: [], body: data }) },
  );
}
