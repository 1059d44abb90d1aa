import type { Case, Connection, Context } from "../case.ts";
import { equal, ok } from "../check.ts";
import { changesOptions, changesRequest } from "../subjects/faults.ts";
import { GREETING, respond } from "./service/steps.ts";
import { call, derived, MODEL, V1_MODEL } from "./steps.ts";
import { BEDROCK_GUIDE, NOTEBOOKS } from "./sources.ts";

const paths = ({ sent }: Context) => sent.map(({ method, url }) => `${method} ${pathOf(url)}`);

const pathOf = (url: string) => new URL(url).pathname.replace(/resp_\w+/, "ID");

const onOnePath = changesRequest((request) => {
  request.url = request.url.replace(/(?:\/openai)?\/v1\//, "/openai/v1/");
});

const families: Case = {
  id: "routes/one-client-for-all",
  title: "One client works for both families, the models and the files, with a token and with keys",
  source: NOTEBOOKS,
  own: true,
  needs: ["respond", "chat", "call", "upload", "sigv4", "routes"],
  mantle: {},
  async run(subject, context) {
    const { region, sessionCredentials, fetch, sent } = context;
    for (const options of [derived(context), { region, ...sessionCredentials }]) {
      const connection = await subject.connect(options, fetch);
      for (const model of [MODEL, V1_MODEL]) {
        equal((await respond(connection, { model })).text, GREETING, `Response of ${model}`);
        const chat = await connection.chat?.({ model, input: "Say hello!" }, { maxRetries: 0 });
        equal(chat?.text, GREETING, `Chat with ${model}`);
      }
      await call(connection, "GET", "/models", { maxRetries: 0 });
      await connection.upload?.(new File(["{}"], "a.jsonl"), "batch", { maxRetries: 0 });
      await call(connection, "GET", "/files", { maxRetries: 0 });
    }
    equal(sent.length, 14, "Requests");
  },
  negative: onOnePath,
};

/** Creates a plain or streamed response, and resolves to its id. */
async function createResponse(
  connection: Connection,
  model: string,
  stream: boolean,
): Promise<string> {
  if (!stream) return ((await respond(connection, { model })).response as { id: string }).id;
  ok(connection.streamResponse, "The subject does not offer `streamResponse`");
  const events = connection.streamResponse({ model, input: "Say hello!" }, { maxRetries: 0 });
  let id = "";
  for await (const event of events) {
    if (event.type === "response.created") id = (event.response as { id: string }).id;
  }
  return id;
}

const whereCreated: Case = {
  id: "routes/responses-where-they-were-created",
  title: "A response, plain or streamed, is retrieved, cancelled and deleted on its own path",
  source: NOTEBOOKS,
  own: true,
  needs: ["respond", "streamResponse", "call", "routes"],
  mantle: {},
  async run(subject, context) {
    const connection = await subject.connect(derived(context), context.fetch);
    for (const [model, prefix] of [[MODEL, "/openai/v1"], [V1_MODEL, "/v1"]] as const) {
      for (const stream of [false, true]) {
        const before = context.sent.length;
        const id = await createResponse(connection, model, stream);
        const found = await call(connection, "GET", `/responses/${id}`, { maxRetries: 0 });
        equal((found as { id: string }).id, id, "Retrieved response");
        await call(connection, "POST", `/responses/${id}/cancel`, { maxRetries: 0 });
        await call(connection, "DELETE", `/responses/${id}`, { maxRetries: 0 });
        const one = `${prefix}/responses/ID`;
        equal(
          paths(context).slice(before + 1),
          [`GET ${one}`, `POST ${one}/cancel`, `DELETE ${one}`],
          "Requests",
        );
      }
    }
  },
  negative: onOnePath,
};

const oneLookup: Case = {
  id: "routes/one-lookup",
  title: "A request that is routed to another path needs no second lookup",
  source: BEDROCK_GUIDE,
  own: true,
  needs: ["respond", "sigv4", "tokenProvider", "routes"],
  mantle: {},
  async run(subject, context) {
    const { region, bearerToken, credentials, fetch } = context;
    let lookups = 0;
    const tokenProvider = () => (lookups++, bearerToken);
    const credentialProvider = () => (lookups++, credentials);
    for (const auth of [{ tokenProvider }, { credentialProvider }]) {
      const connection = await subject.connect({ region, ...auth }, fetch);
      equal((await respond(connection, { model: V1_MODEL })).text, GREETING, "Text");
    }
    equal(lookups, 2, "Lookups");
  },
  negative: changesOptions(({ tokenProvider, credentialProvider, ...rest }) => ({
    ...rest,
    ...(tokenProvider && { tokenProvider: () => (tokenProvider(), tokenProvider()) }),
    ...(credentialProvider &&
      { credentialProvider: () => (credentialProvider(), credentialProvider()) }),
  })),
};

export const routingService: readonly Case[] = [families, whereCreated, oneLookup];
