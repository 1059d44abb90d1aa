import type { Case, ShownExchange } from "../case.ts";
import { bytesOf } from "../cassette.ts";
import type { Cassette, ExpectedBody, Header, PlayedResponse } from "../cassette.ts";
import { prettyBody } from "../pretty_body.ts";
import type { CaseTitle } from "./report.ts";

/** Describes a case for a report, with the exchanges that it expects. */
export function caseTitle(test: Case, cassettes: ReadonlyMap<string, Cassette>): CaseTitle {
  const { id, title, source, own = false, cassette } = test;
  const about = { id, title, source, own };
  if (cassette === undefined) return { ...about, responder: responderOf(test) };
  const played = typeof cassette === "string" ? cassettes.get(cassette) : cassette;
  const exchanges = played?.exchanges.map(({ request, response }) => ({
    method: request.method,
    url: request.path,
    headers: headersOf(request.headers),
    ...(request.body && { body: requestBody(request.body) }),
    response: showResponse(response),
  }));
  const responder = typeof cassette === "string" ? `the cassette ${cassette}` : "the recording";
  return { ...about, responder, ...(exchanges && { exchanges }) };
}

function responderOf({ mantle, handle }: Case): string {
  if (!mantle) return handle ? "the case itself" : "an empty response";
  const { misbehaviours = [], ...rest } = mantle;
  const settings = [...misbehaviours, rest].map((each) =>
    Object.entries(each).map(([name, value]) => name === "kind" ? value : `${name} ${value}`)
      .join(" ")
  ).filter(Boolean);
  return `the local Mantle server${settings.length > 0 ? ` with ${settings.join(", ")}` : ""}`;
}

function headersOf(headers: readonly Header[] = []): Record<string, string> {
  return Object.fromEntries(headers);
}

function requestBody(body: ExpectedBody): string {
  return prettyBody("form" in body ? JSON.stringify(body.form) : bytesOf(body));
}

function showResponse(
  { status, headers, body, chunks }: PlayedResponse,
): ShownExchange["response"] {
  const pieces = (chunks ?? (body ? [body] : [])).map(bytesOf);
  const whole = new Uint8Array(pieces.flatMap((piece) => [...piece]));
  return {
    status,
    headers: headersOf(headers),
    ...(whole.length > 0 && { body: prettyBody(whole) }),
  };
}
