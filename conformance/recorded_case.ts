import type { Capability, Case, Connection, Context, Question, SubjectOptions } from "./case.ts";
import type { Cassette, CassetteExchange, PlayedResponse } from "./cassette.ts";
import { bytesOf } from "./cassette.ts";
import { statusOf } from "./cases/failures.ts";
import { printed } from "./cases/printed.ts";
import { MODEL } from "./cases/steps.ts";
import { equal, ok, rejects } from "./check.ts";
import { isObject } from "./mantle/json_body.ts";
import type { JsonObject } from "./mantle/json_body.ts";
import { receives, receivesText } from "./subjects/faults.ts";

type Way = "respond" | "streamResponse" | "chat" | "call";

/** Where recordings are found in reports and by patterns. */
export const RECORDINGS = "recordings";

/** A case for each recording: what was recorded is asked again, and must arrive as it was. */
export function recordedCases(recordings: ReadonlyMap<string, Cassette>): Case[] {
  return [...recordings].flatMap(([name, cassette]) =>
    cassette.exchanges.slice(0, 1).map((exchange) => recordedCase(name, cassette, exchange))
  );
}

function recordedCase(name: string, cassette: Cassette, exchange: CassetteExchange): Case {
  const { source, endpoint } = cassette;
  const { request, response } = exchange;
  const way = wayOf(exchange);
  const runtime: Capability[] = endpoint === "runtime" ? ["runtime"] : [];
  const items: Capability[] = way !== "call" && request.body ? ["items"] : [];
  return {
    id: `${RECORDINGS}/${name}`,
    title: `${request.method} ${request.path}, with a token and with keys, is answered by ` +
      `${response.status} as it was ${source.kind}`,
    source: source.reference,
    needs: [way, "sigv4", ...items, ...runtime],
    cassette: { ...cassette, exchanges: [exchange, exchange] },
    async run(subject, context) {
      for (const auth of [{ apiKey: context.bearerToken }, context.credentials]) {
        const { region } = cassette;
        const options: SubjectOptions = { endpoint, region, baseURL: rootOf(cassette, context) };
        const connection = await subject.connect({ ...options, ...auth }, context.fetch);
        const asked = ask(connection, way, exchange, originOf(cassette, context));
        if (response.status < 400) arrivesAs(response, await asked);
        else refusedAs(response, await rejects(asked, "The refusal is taken for an answer"));
      }
    },
    negative: response.status < 400
      ? receivesText((text) => text.replace(/:\s*"/, "$&altered "))
      : receives(() => Response.json({ error: { message: "Something else" } }, { status: 418 })),
  };
}

function wayOf({ request: { method, path }, response }: CassetteExchange): Way {
  const body = bodyOf(response);
  if (method !== "POST") return "call";
  if (path.endsWith("/v1/chat/completions")) return response.chunks ? "call" : "chat";
  if (!path.endsWith("/v1/responses")) return "call";
  if (response.chunks) return "streamResponse";
  return response.status >= 400 || body.object === "response" ? "respond" : "call";
}

/** Mantle has the hosts of the recording in replay, and one of this machine over sockets. */
function originOf({ endpoint, region }: Cassette, { baseURL }: Context): string {
  const { origin, hostname } = new URL(baseURL);
  if (!hostname.endsWith(".api.aws")) return origin;
  const suffix = endpoint === "mantle" ? "api.aws" : "amazonaws.com";
  return `https://bedrock-${endpoint}.${region}.${suffix}`;
}

function rootOf(cassette: Cassette, context: Context): string {
  const path = cassette.exchanges[0]?.request.path ?? "";
  return originOf(cassette, context) + (path.startsWith("/v1/") ? "/v1" : "/openai/v1");
}

/** Resolves to what arrives: a parsed answer, or the events of a stream. */
async function ask(
  connection: Connection,
  way: Way,
  { request: { method, path, body } }: CassetteExchange,
  origin: string,
): Promise<unknown> {
  const once = { maxRetries: 0 };
  const json = body && "json" in body && isObject(body.json) ? body.json : undefined;
  if (way === "call") {
    ok(method === "GET" || method === "POST" || method === "DELETE", `No way to call ${method}`);
    return await connection.call?.(method, origin + path, { ...once, ...(json && { body: json }) });
  }
  const question = questionOf(json, way);
  if (way !== "streamResponse") return (await connection[way]?.(question, once))?.answer;
  const events = [];
  for await (const event of connection.streamResponse?.(question, once) ?? []) events.push(event);
  return events;
}

function questionOf(body: JsonObject | undefined, way: Way): Question {
  const { model = MODEL, input = "Say hello!", messages, ...fields } = body ?? {};
  return { model: String(model), input: way === "chat" ? messages ?? input : input, fields };
}

function arrivesAs(response: PlayedResponse, found: unknown): void {
  // The OpenAI client puts the text beside the output
  const { output_text: _, ...answer } = isObject(found) ? found : {};
  const expected = response.chunks ? eventsOf(response) : bodyOf(response);
  const same = JSON.stringify(Array.isArray(found) ? found : answer) === JSON.stringify(expected);
  ok(same, "What arrived is not what was recorded");
}

function refusedAs(response: PlayedResponse, error: unknown): void {
  equal(statusOf(error), response.status, "Status");
  // What is not in OpenAI's envelope, its clients of some versions do not find
  const { error: wrapped } = bodyOf(response);
  const message = isObject(wrapped) ? String(wrapped.message) : "";
  ok(printed(error).includes(message), `The error does not say "${message}"`);
}

function bodyOf({ body }: PlayedResponse): JsonObject {
  return body && "json" in body && isObject(body.json) ? body.json : {};
}

function eventsOf({ chunks = [] }: PlayedResponse): unknown[] {
  const text = chunks.map((chunk) => new TextDecoder().decode(bytesOf(chunk))).join("");
  return [...text.matchAll(/^data: (\{.*)$/gm)].map(([, data]) => JSON.parse(data ?? ""));
}
