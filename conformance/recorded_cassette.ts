import type {
  Cassette,
  CassetteSource,
  Chunk,
  ExpectedRequest,
  Header,
  PlayedResponse,
} from "./cassette.ts";
import { isObject } from "./mantle/json_body.ts";
import type { JsonObject } from "./mantle/json_body.ts";
import type { Endpoint } from "./mantle/models.ts";

/** A file of recorded exchanges. */
export interface RecordedFile {
  readonly name: string;
  readonly value: JsonObject;
  /** A description of its source. */
  readonly source: string;
  /** Reads a file of the same folder. */
  readonly read: (file: string) => string;
}

const JSON_HEADERS: readonly Header[] = [["content-type", "application/json"]];
// These belong to one connection, and the recorder changed the lengths
const DROPPED_HEADERS = ["connection", "content-length", "transfer-encoding"];

/** Converts a recorded exchange to a cassette, or returns the reason why it cannot be converted. */
export function recordedCassette(file: RecordedFile): Cassette | string {
  const response = playedResponse(file);
  if (typeof response === "string") return response;
  const endpoint: Endpoint = file.name.includes("runtime") ? "runtime" : "mantle";
  const request = expectedRequest(file, response);
  return {
    version: 1,
    title: file.name,
    source: sourceOf(file),
    region: regionOf(file.value),
    endpoint,
    exchanges: [{ request, response }],
  };
}

function playedResponse({ name, value, read }: RecordedFile): PlayedResponse | string {
  if (isObject(value.event)) {
    const chunks = [{ afterMs: 0, text: block(value.event) }];
    return { status: 200, headers: [["content-type", "text/event-stream"]], chunks };
  }
  if (pathOfBody(value) !== undefined) {
    return { status: 200, headers: JSON_HEADERS, body: { json: value } };
  }
  const [, refusal] = /^error-([45]\d\d)-/.exec(name) ?? [];
  if (refusal !== undefined && isObject(value.error)) {
    return { status: Number(refusal), headers: JSON_HEADERS, body: { json: value } };
  }
  const response = isObject(value.response) ? value.response : {};
  const { status, headers, body, body_file } = response;
  if (typeof status !== "number") return "has no status";
  const kept = isObject(headers) ? headersOf(headers) : JSON_HEADERS;
  if (typeof body_file !== "string") return { status, headers: kept, body: { json: body } };
  return { status, headers: kept, chunks: blocks(read(body_file)), end: "close" };
}

function headersOf(headers: JsonObject): Header[] {
  return Object.entries(headers).filter(([name]) => !DROPPED_HEADERS.includes(name))
    .map(([name, value]) => [name, String(value)]);
}

/** Splits a stream into one chunk per event, as the recorder did not keep the chunks. */
function blocks(stream: string): Chunk[] {
  return stream.split(/(?<=\n\n)/).map((text) => ({ afterMs: 0, text }));
}

function block(event: JsonObject): string {
  return `data: ${JSON.stringify(event)}\nevent: ${event.type}\n\n`;
}

function expectedRequest({ value }: RecordedFile, response: PlayedResponse): ExpectedRequest {
  const known = isObject(value.request) ? value.request : undefined;
  if (known) {
    const path = typeof known.url === "string" ? pathOf(known.url) : String(known.path);
    const request = { method: known.method === "GET" ? "GET" : "POST", path } as const;
    return isObject(known.body)
      ? { ...request, headers: JSON_HEADERS, body: { json: known.body } }
      : request;
  }
  const bodyPath = pathOfBody(value);
  if (bodyPath === "/v1/models") return { method: "GET", path: bodyPath };
  if (bodyPath !== undefined) return { method: "POST", path: bodyPath };
  const refusal = [401, 403].includes(response.status);
  const path = typeof value.path === "string" ? value.path : "/openai/v1/responses";
  return { method: "POST", path, ...(refusal ? { unauthenticated: true } : {}) };
}

/** Infers the path of a file that holds only a response body, from the type of that body. */
function pathOfBody({ object }: JsonObject): string | undefined {
  switch (object) {
    case "list":
      return "/v1/models";
    case "response":
      return "/openai/v1/responses";
    case "chat.completion":
      return "/openai/v1/chat/completions";
  }
}

function pathOf(url: string): string {
  const { pathname, search } = new URL(url);
  return pathname + search;
}

function regionOf({ request, region }: JsonObject): string {
  const host = isObject(request) && typeof request.url === "string" ? request.url : "";
  const named = /^https:\/\/bedrock-mantle\.([a-z0-9-]+)\./.exec(host)?.[1];
  return named ?? (typeof region === "string" ? region : "us-west-2");
}

/**
 * Describes the source: only whole recordings are called recorded; quotes and parts are
 * observed.
 */
function sourceOf({ source, value }: RecordedFile): CassetteSource {
  const reference = source.trim().replace(/^Source: /, "");
  const date = dateOf(reference);
  if (reference.includes("VCR recording") && isObject(value.request)) {
    return { kind: "recorded", reference, date, note: "Chunks are split between events." };
  }
  const note = "Parts of request, status and headers that the source does not give are assumed.";
  return { kind: "observed", reference, date, note };
}

const MONTHS =
  "January February March April May June July August September October November December"
    .split(" ");

function dateOf(text: string): string {
  const [day] = /\b20\d\d-\d\d-\d\d\b/.exec(text) ?? [];
  if (day) return day;
  const [, month, year] = /\b([A-Z][a-z]+) (20\d\d)\b/.exec(text) ?? [];
  const place = MONTHS.indexOf(month ?? "");
  return place < 0 ? "unknown" : `${year}-${String(place + 1).padStart(2, "0")}`;
}
