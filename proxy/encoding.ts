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
 * The headers of a response, without those that are not true of its body once it is decoded.
 *
 * @throws {Refusal} If there is no telling whether `fetch` has decoded it.
 */
export function decodedHeaders(response: Response, asked: string): Headers {
  const { headers, body } = response;
  const decoded = new Headers(headers);
  const encoding = headers.get("content-encoding") ?? "";
  if (asked.split(", ").includes(encoding.toLowerCase())) {
    decoded.delete("content-encoding");
  } else if (body && UNSURE.test(encoding)) {
    cancelBody(response);
    throw new Refusal(
      502,
      "encoding_not_asked_for",
      "server_error",
      `The service responded in the encoding ${JSON.stringify(encoding)}, and was asked for ` +
        `${asked}: see to it that whatever is between heeds Accept-Encoding`,
    );
  }
  return decoded;
}
