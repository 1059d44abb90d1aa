import type { Case, Connection } from "../case.ts";
import { equal, ok, rejects } from "../check.ts";
import { changesConnection, changesRequest, changesText } from "../subjects/faults.ts";
import { ask, call, MODEL, withClient } from "./steps.ts";
import { ENDPOINTS, NOTEBOOKS, RECORDINGS } from "./sources.ts";

interface Item {
  readonly type: string;
  readonly call_id?: string;
  readonly name?: string;
}

interface ResponseObject {
  readonly id: string;
  readonly status: string;
  readonly output: readonly Item[];
}

async function turn(
  connection: Connection,
  input: unknown,
  fields: Readonly<Record<string, unknown>> = {},
): Promise<{ text: string; response: ResponseObject }> {
  ok(connection.respond, "The subject does not offer `respond`");
  const { text, response } = await connection.respond({ model: MODEL, input, fields });
  return { text, response: response as ResponseObject };
}

const text = withClient({
  id: "conversation/text",
  title: "The text of a response is found, although the service sends no output_text",
  source: RECORDINGS,
  needs: ["respond"],
  cassette: "responses/gpt_text",
  async run(connection) {
    equal(await ask(connection), "Hello there!", "Text");
  },
  negative: changesText((text) => text.replace("Hello there!", "")),
});

const TOOLS = ["first_tool", "second_tool"].map((name) => ({
  type: "function",
  name,
  parameters: { type: "object", properties: {} },
  strict: false,
}));

const functionCalls = withClient({
  id: "conversation/reused-call-ids",
  title: "Functions are called over three turns, although the service reuses call ids",
  source: RECORDINGS,
  needs: ["respond", "items"],
  cassette: "responses/function_calls",
  async run(connection) {
    const items: unknown[] = [{ role: "user", content: "Call both tools" }];
    for (const result of ["first result", "second result"]) {
      const { response } = await turn(connection, [...items], { tools: TOOLS });
      const called = response.output.find(({ type }) => type === "function_call");
      ok(called, "No function is called");
      const output = { type: "function_call_output", call_id: called.call_id, output: result };
      items.push(called, output);
    }
    equal((await turn(connection, items, { tools: TOOLS })).text, "Both results are in.", "Text");
  },
  negative: changesRequest((request) => {
    request.body = String(request.body).replaceAll("function_call_output", "message");
  }),
});

const chained = withClient({
  id: "conversation/chained",
  title: "A response continues an earlier one by its id",
  source: NOTEBOOKS,
  needs: ["respond", "items"],
  cassette: "responses/chained",
  async run(connection) {
    const { response } = await turn(connection, "Keep this");
    const next = await turn(connection, "Were you kept?", { previous_response_id: response.id });
    equal(next.text, "You were kept.", "Text");
  },
  negative: changesRequest((request) => {
    request.body = String(request.body).replace("previous_response_id", "previous");
  }),
});

const stored = withClient({
  id: "conversation/stored-and-deleted",
  title: "A stored response is retrieved and deleted, and cannot be retrieved again",
  source: NOTEBOOKS,
  needs: ["respond", "call", "items"],
  cassette: "responses/stored_retrieved_deleted",
  async run(connection) {
    const { response } = await turn(connection, "Keep this");
    const path = `/responses/${response.id}`;
    const found = await call(connection, "GET", path) as ResponseObject;
    equal(found.id, response.id, "Id of the retrieved response");
    await call(connection, "DELETE", path);
    const error = await rejects(call(connection, "GET", path), "The response still exists");
    equal((error as { status?: unknown }).status, 404, "Status");
  },
  negative: changesConnection(({ call, ...rest }) => ({
    ...rest,
    call: call && (async (...args) => await call(...args).catch(() => ({}))),
  })),
});

const emptyOutput = withClient({
  id: "conversation/empty-output",
  title: "A completed response without output is an empty text, not a crash",
  source: "samfoy/pi-bedrock-mantle@822af6b6 forensics-2026-06-07",
  needs: ["respond"],
  cassette: "responses/empty_output",
  async run(connection) {
    const result = await connection.respond?.({ model: "openai.gpt-5.5", input: "Say hello!" });
    equal(result?.text, "", "Text");
  },
  negative: changesConnection(({ respond, ...rest }) => ({
    ...rest,
    async respond(...args) {
      const { response, text } = await respond?.(...args) ?? { response: undefined, text: "" };
      const [first] = (response as ResponseObject).output;
      return { text: first?.type.concat(text) ?? "undefined", response };
    },
  })),
});

const schema = withClient({
  id: "conversation/json-schema",
  title: "A response to a JSON schema can be parsed",
  source: RECORDINGS,
  needs: ["respond", "items"],
  cassette: "responses/json_schema",
  async run(connection) {
    const properties = { city: { type: "string" } };
    const schema = { type: "object", properties, required: ["city"], additionalProperties: false };
    const format = { type: "json_schema", name: "place", strict: true, schema };
    const { text } = await turn(connection, "Where is the Louvre?", { text: { format } });
    equal(JSON.parse(text), { city: "Paris" }, "JSON");
  },
  negative: changesRequest((request) => {
    request.body = String(request.body).replace("json_schema", "text");
  }),
});

const chat = withClient({
  id: "conversation/chat",
  title: "A chat returns text",
  source: ENDPOINTS,
  needs: ["chat"],
  cassette: "chat/gpt_text",
  async run(connection) {
    const result = await connection.chat?.({ model: MODEL, input: "Say hello!" });
    equal(result?.text, "Hello!", "Text");
  },
  negative: changesText((text) => text.replace("Hello!", "")),
});

export const conversation: readonly Case[] = [
  text,
  functionCalls,
  chained,
  stored,
  emptyOutput,
  schema,
  chat,
];
