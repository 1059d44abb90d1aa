import type { Capability, Case, Connection, Context, Question, SubjectOptions } from "./case.ts";
import type { Cassette, CassetteExchange, PlayedResponse } from "./cassette.ts";
import { bytesOf } from "./cassette.ts";
import { statusOf } from "./cases/failures.ts";
import { printed } from "./cases/printed.ts";
import { MODEL } from "./cases/steps.ts";
import { equal, ok, rejects } from "./check.ts";
import { isObject, type JsonObject } from "./mantle/json_body.ts";
import { changesResponse, changesText } from "./subjects/faults.ts";

type Operation = "respond" | "streamResponse" | "chat" | "call";

/** The topic of recordings in reports and patterns. */
export const RECORDINGS = "recordings";

/** Creates a case for each recording: its request is made again, and its response must arrive. */
export function recordedCases(recordings: ReadonlyMap<string, Cassette>): Case[] {
  return [...recordings].flatMap(([name, cassette]) =>
    cassette.exchanges.slice(0, 1).map((exchange) => recordedCase(name, cassette, exchange))
  );
}

function recordedCase(name: string, cassette: Cassette, exchange: CassetteExchange): Case {
  const { source, endpoint } = cassette;
  const { request, response } = exchange;
  const operation = operationOf(exchange);
  const runtime: Capability[] = endpoint === "runtime" ? ["runtime"] : [];
  const items: Capability[] = operation !== "call" && request.body ? ["items"] : [];
  return {
    id: `${RECORDINGS}/${name}`,
    title: `${request.method} ${request.path}, with a token and with keys, returns ` +
      `${response.status} as it was ${source.kind}`,
    source: source.reference,
    needs: [operation, "sigv4", ...items, ...runtime],
    cassette: { ...cassette, exchanges: [exchange, exchange] },
    async run(subject, context) {
      for (const auth of [{ apiKey: context.bearerToken }, context.credentials]) {
        const { region } = cassette;
        const options: SubjectOptions = { endpoint, region, baseURL: rootOf(cassette, context) };
        const connection = await subject.connect({ ...options, ...auth }, context.fetch);
        const received = send(connection, operation, exchange, originOf(cassette, context));
        if (response.status < 400) assertSame(response, await received);
        else assertRefused(response, await rejects(received, "The refusal counts as a success"));
      }
    },
    negative: response.status < 400
      ? changesText((text) => text.replace(/:\s*"/, "$&altered "))
      : changesResponse(() =>
        Response.json({ error: { message: "Something else" } }, { status: 418 })
      ),
  };
}

function operationOf({ request: { method, path }, response }: CassetteExchange): Operation {
  const body = bodyOf(response);
  if (method !== "POST") return "call";
  if (path.endsWith("/v1/chat/completions")) return response.chunks ? "call" : "chat";
  if (!path.endsWith("/v1/responses")) return "call";
  if (response.chunks) return "streamResponse";
  return response.status >= 400 || body.object === "response" ? "respond" : "call";
}

/** Returns the host of the recording in replay, and the local one over sockets. */
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

/** Sends the recorded request, and resolves to the parsed response or to the events of a stream. */
async function send(
  connection: Connection,
  operation: Operation,
  { request: { method, path, body } }: CassetteExchange,
  origin: string,
): Promise<unknown> {
  const once = { maxRetries: 0 };
  const json = body && "json" in body && isObject(body.json) ? body.json : undefined;
  if (operation === "call") {
    ok(method === "GET" || method === "POST" || method === "DELETE", `Cannot call ${method}`);
    return await connection.call?.(method, origin + path, { ...once, ...(json && { body: json }) });
  }
  const question = questionOf(json, operation);
  if (operation !== "streamResponse") {
    return (await connection[operation]?.(question, once))?.response;
  }
  const events = [];
  for await (const event of connection.streamResponse?.(question, once) ?? []) events.push(event);
  return events;
}

function questionOf(body: JsonObject | undefined, operation: Operation): Question {
  const { model = MODEL, input = "Say hello!", messages, ...fields } = body ?? {};
  return { model: String(model), input: operation === "chat" ? messages ?? input : input, fields };
}

function assertSame(expected: PlayedResponse, found: unknown): void {
  // The OpenAI client adds the text to the output
  const { output_text: _, ...response } = isObject(found) ? found : {};
  const wanted = expected.chunks ? eventsOf(expected) : bodyOf(expected);
  const isSame = JSON.stringify(Array.isArray(found) ? found : response) === JSON.stringify(wanted);
  ok(isSame, "The response differs from the recording");
}

function assertRefused(response: PlayedResponse, error: unknown): void {
  equal(statusOf(error), response.status, "Status");
  // Some versions of the OpenAI client only read messages in OpenAI's envelope
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
