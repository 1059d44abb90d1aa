/**
 * Uses `BedrockOpenAI` in a folder where `openai` is the version to be tried, and prints what came
 * of it: `client_probe.ts <base URL> <bearer token> <JSON of AWS keys>`.
 */
import process from "node:process";
import { OpenAI } from "openai";
import { OpenAIRealtimeWebSocket as BetaWebSocket } from "openai/beta/realtime/websocket";
import { OpenAIRealtimeWS as BetaWS } from "openai/beta/realtime/ws";
import { OpenAIRealtimeWebSocket } from "openai/realtime/websocket";
import { OpenAIRealtimeWS } from "openai/realtime/ws";
import { ResponsesWS } from "openai/resources/responses/ws";
import { VERSION } from "openai/version";
import { BedrockOpenAI } from "../../openai.ts";

const [baseURL, apiKey = "", json = ""] = process.argv.slice(2);
const { accessKeyId, secretAccessKey, sessionToken } = JSON.parse(json);
const PLACE = { baseURL, awsRegion: "us-west-2", endpoint: "mantle" } as const;
const QUESTION = { model: "openai.gpt-5.4", input: "Say hello!" };

const answers: Record<string, unknown> = {};
const authorizations: string[] = [];
/** Notes who asks: the scheme, or the access key id. */
const fetch: typeof globalThis.fetch = async (input, init) => {
  const headers = new Headers(init?.headers);
  const [, scheme, id] = /^(Bearer) |Credential=(\w+)/.exec(headers.get("authorization") ?? "") ??
    [];
  const extras = [headers.get("x-amz-security-token"), headers.get("x-mine")];
  authorizations.push([scheme ?? id, ...extras].filter(Boolean).join(" "));
  return await globalThis.fetch(input, init);
};

const bearer = new BedrockOpenAI({ ...PLACE, apiKey, fetch, defaultHeaders: { "x-mine": "mine" } });
const session = bearer.withOptions({
  awsAccessKeyId: accessKeyId,
  awsSecretAccessKey: secretAccessKey,
  awsSessionToken: sessionToken,
  timeout: 30_000,
});
const patient = session.withOptions({ maxRetries: 7 });
for (const [name, client] of Object.entries({ bearer, session, patient })) {
  if (!(client instanceof BedrockOpenAI)) throw new TypeError(`${name} is of another class`);
  const { output_text: text } = await client.responses.create(QUESTION);
  answers[name] = { text, timeout: client.timeout, maxRetries: client.maxRetries };
}
answers.streamed = (await bearer.responses.stream(QUESTION).finalResponse()).output_text;
await bearer.withOptions({ apiKey: "wrong", maxRetries: 0 }).models.list()
  .catch(({ status }) => answers.wrongKey = status);

/** Opens a socket, and returns the code of the refusal. */
async function refusal(open: () => unknown): Promise<string> {
  try {
    const socket = await open() as { on(event: "error", heard: () => void): void; close(): void };
    socket.on("error", () => {});
    socket.close();
    return "opened";
  } catch (error) {
    return String((error as { code?: string }).code ?? error);
  }
}

const sockets: string[][] = [];
/** Stands for the platform's, of which no connection is wanted here. */
globalThis.WebSocket = class {
  constructor(_url: string, protocols: string[]) {
    sockets.push(protocols);
  }
  addEventListener() {}
  close() {}
} as unknown as typeof WebSocket;

const model = "gpt-realtime";
const attempts = (client: OpenAI): (() => unknown)[] => [
  () => new OpenAIRealtimeWS({ model }, client),
  () => OpenAIRealtimeWS.create(client, { model }),
  () => new OpenAIRealtimeWebSocket({ model }, client),
  () => OpenAIRealtimeWebSocket.create(client, { model }),
  () => new BetaWS({ model }, client),
  () => BetaWS.create(client, { model }),
  () => new BetaWebSocket({ model }, client),
  () => BetaWebSocket.create(client, { model }),
  () => new ResponsesWS(client),
];
const refusals = [];
for (const client of [bearer, patient]) {
  for (const open of attempts(client)) refusals.push(await refusal(open));
}
// What the SDK does by itself with a client that has but the provider
const { provider } = (bearer as unknown as { _options: { provider: never } })._options;
await refusal(() => new OpenAIRealtimeWebSocket({ model }, new OpenAI({ provider })));

console.log(JSON.stringify({ VERSION, answers, authorizations, refusals, sockets }));
process.exit(0);
