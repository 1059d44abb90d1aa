import { Refusal } from "../loopback/refusal.ts";
import { cancelBody } from "../src/exchange/response.ts";

/** The encodings that the `fetch` of every runtime decodes if they are asked for. */
const DECODED = "gzip, br";

/** The encodings that some runtimes decode and others do not; none says whether it did. */
const UNSURE = /\b(?:gzip|br|deflate|zstd)\b/i;

/** The encodings to ask for: a part of an encoded body cannot be decoded. */
export function askedEncoding(headers: Headers): string {
  return headers.has("range") ? "identity" : DECODED;
}

/**
 * The headers of an answer, without those that are not true of its body once it is decoded.
 *
 * @throws {Refusal} If there is no telling whether `fetch` has decoded it.
 */
export function decodedHeaders(answer: Response, asked: string): Headers {
  const { headers, body } = answer;
  const decoded = new Headers(headers);
  const encoding = headers.get("content-encoding") ?? "";
  if (asked.split(", ").includes(encoding.toLowerCase())) {
    decoded.delete("content-encoding");
  } else if (body && UNSURE.test(encoding)) {
    cancelBody(answer);
    throw new Refusal(
      502,
      "encoding_not_asked_for",
      "server_error",
      `The service answered in the encoding ${JSON.stringify(encoding)}, and was asked for ` +
        `${asked}: see to it that whatever is between heeds Accept-Encoding`,
    );
  }
  return decoded;
}
