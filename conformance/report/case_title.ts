import type { Case, ShownExchange } from "../case.ts";
import { bytesOf } from "../cassette.ts";
import type { Cassette, ExpectedBody, Header, PlayedResponse } from "../cassette.ts";
import { legible } from "../legible.ts";
import type { CaseTitle } from "./report.ts";

/** Names a case for a report, with the exchanges that are expected of it. */
export function caseTitle(test: Case, cassettes: ReadonlyMap<string, Cassette>): CaseTitle {
  const { id, title, source, own = false, cassette } = test;
  const about = { id, title, source, own };
  if (cassette === undefined) return { ...about, answeredBy: answererOf(test) };
  const played = typeof cassette === "string" ? cassettes.get(cassette) : cassette;
  const exchanges = played?.exchanges.map(({ request, response }) => ({
    method: request.method,
    url: request.path,
    headers: headersOf(request.headers),
    ...(request.body && { body: requestBody(request.body) }),
    answer: shownAnswer(response),
  }));
  const answeredBy = typeof cassette === "string" ? `the cassette ${cassette}` : "the recording";
  return { ...about, answeredBy, ...(exchanges && { exchanges }) };
}

function answererOf({ mantle, answer }: Case): string {
  if (!mantle) return answer ? "the case itself" : "an empty response";
  const { misbehaviours = [], ...rest } = mantle;
  const told = [...misbehaviours, rest].map((each) =>
    Object.entries(each).map(([name, value]) => name === "kind" ? value : `${name} ${value}`)
      .join(" ")
  ).filter(Boolean);
  return `the local Mantle server${told.length > 0 ? ` with ${told.join(", ")}` : ""}`;
}

function headersOf(headers: readonly Header[] = []): Record<string, string> {
  return Object.fromEntries(headers);
}

function requestBody(body: ExpectedBody): string {
  return legible("form" in body ? JSON.stringify(body.form) : bytesOf(body));
}

function shownAnswer({ status, headers, body, chunks }: PlayedResponse): ShownExchange["answer"] {
  const pieces = (chunks ?? (body ? [body] : [])).map(bytesOf);
  const whole = new Uint8Array(pieces.flatMap((piece) => [...piece]));
  return { status, headers: headersOf(headers), ...(whole.length > 0 && { body: legible(whole) }) };
}
