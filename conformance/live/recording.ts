import type { Cassette, Chunk, Content, Header, PlayedResponse } from "../cassette.ts";
import type { LiveResponse } from "./make_call.ts";
import type { LiveCall } from "./calls.ts";
import { secretsIn } from "../secrets/scan.ts";

/** The headers of a response that are kept. */
const KEPT_HEADERS = new Set([
  "content-type",
  "cache-control",
  "vary",
  "access-control-allow-origin",
  "access-control-expose-headers",
  "retry-after",
]);

/** The ids that the service generates, with the names of their placeholders. */
const IDS: readonly (readonly [placeholder: string, pattern: RegExp])[] = [
  ["response-id", /\bresp_[a-z0-9]{16,}/g],
  ["request-id", /\breq_[a-z0-9]{16,}/g],
  ["message-id", /\bmsg_[a-z0-9]{16,}/g],
  ["reasoning-id", /\brs_[a-z0-9]{16,}/g],
  ["call-id", /\bfc_[a-z0-9]{16,}/g],
  ["chat-id", /\bchatcmpl-[a-z0-9-]{16,}/g],
  ["account-id", /(?<=arn:aws[\w-]*:[\w-]*:[\w-]*:)\d{12}/g],
];

/** A cassette of one exchange with a real account, or the kinds of secrets found in it. */
export type Recorded = { readonly cassette: Cassette } | { readonly secrets: readonly string[] };

/** The place and date of a recording. */
export interface Place {
  readonly region: string;
  readonly origin: string;
  /** As `YYYY-MM-DD`. */
  readonly date: string;
}

/**
 * Converts an exchange to a cassette, with placeholders for ids and account numbers.
 *
 * @param sent The secrets that were sent.
 */
export function recording(
  call: LiveCall,
  response: LiveResponse,
  place: Place,
  sent: readonly string[] = [],
): Recorded {
  const cassette: Cassette = {
    version: 1,
    title: `${call.id}, as the service responded`,
    source: sourceOf(place),
    region: place.region,
    endpoint: "mantle",
    exchanges: [{
      request: {
        method: call.method,
        path: call.path,
        ...(call.body && { body: { json: call.body } }),
      },
      response: playedResponse(response),
    }],
  };
  const text = withPlaceholders(JSON.stringify(cassette));
  // In the cassette, chunks may cut a secret in two
  const whole = withPlaceholders(response.text);
  const secrets = [...new Set([text, whole].flatMap((each) => secretsIn(each, sent)))];
  return secrets.length ? { secrets } : { cassette: JSON.parse(text) as Cassette };
}

/** Marks the responses of a server on this machine as synthetic. */
function sourceOf({ origin, date }: Place): Cassette["source"] {
  const isLocal = /^https?:\/\/(?:127\.|localhost\b|\[::1\])/.test(origin);
  return isLocal
    ? { kind: "synthetic", reference: "A server on this machine, by the record mode", date }
    : { kind: "recorded", reference: "A live account, by the record mode", date };
}

function playedResponse({ status, headers, text, chunks }: LiveResponse): PlayedResponse {
  const kept = headers.filter(([name]) => KEPT_HEADERS.has(name)) as Header[];
  const isStream = kept.some(([, value]) => value.startsWith("text/event-stream"));
  if (isStream) return { status, headers: kept, chunks: aroundIds(chunks, text), end: "close" };
  return { status, headers: kept, ...(text && { body: content(text) }) };
}

/** Moves the ends of chunks behind ids, so that no id is cut in two. */
function aroundIds(chunks: readonly Chunk[], text: string): Chunk[] {
  const ids = IDS.flatMap(([, pattern]) => [...text.matchAll(pattern)]);
  let begin = 0;
  let arrived = 0;
  return chunks.map((chunk, place) => {
    arrived += "text" in chunk ? chunk.text.length : 0;
    const cut = ids.find(({ index, 0: id }) => index < arrived && arrived < index + id.length);
    const end = place === chunks.length - 1
      ? text.length
      : cut
      ? cut.index + cut[0].length
      : arrived;
    const piece = text.slice(begin, Math.max(begin, end));
    begin = Math.max(begin, end);
    return { afterMs: chunk.afterMs, text: piece };
  });
}

function content(text: string): Content {
  try {
    return { json: JSON.parse(text) };
  } catch {
    return { text };
  }
}

/** Replaces each id by a placeholder, which is the same wherever the id occurs. */
function withPlaceholders(text: string): string {
  return IDS.reduce((result, [placeholder, pattern]) => {
    const seen = new Map<string, string>();
    return result.replace(pattern, (id) => {
      const name = seen.get(id) ?? `{{${placeholder}-${seen.size + 1}}}`;
      seen.set(id, name);
      return name;
    });
  }, text);
}
