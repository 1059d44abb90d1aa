import type { Case, Connection } from "../case.ts";
import { equal, ok, rejects } from "../check.ts";
import { onConnection, receivesText, sends } from "../subjects/faults.ts";
import { ask, call, MODEL, withClient } from "./steps.ts";
import { ENDPOINTS, NOTEBOOKS, RECORDINGS } from "./sources.ts";

interface Item {
  readonly type: string;
  readonly call_id?: string;
  readonly name?: string;
}

interface Answer {
  readonly id: string;
  readonly status: string;
  readonly output: readonly Item[];
}

async function turn(
  connection: Connection,
  input: unknown,
  fields: Readonly<Record<string, unknown>> = {},
): Promise<{ text: string; answer: Answer }> {
  ok(connection.respond, "The subject does not offer `respond`");
  const { text, answer } = await connection.respond({ model: MODEL, input, fields });
  return { text, answer: answer as Answer };
}

const text = withClient({
  id: "conversation/text",
  title: "The text of a response is found, though the service sends no output_text",
  source: RECORDINGS,
  needs: ["respond"],
  cassette: "responses/gpt_text",
  async run(connection) {
    equal(await ask(connection), "Hello there!", "Text");
  },
  negative: receivesText((text) => text.replace("Hello there!", "")),
});

const TOOLS = ["first_tool", "second_tool"].map((name) => ({
  type: "function",
  name,
  parameters: { type: "object", properties: {} },
  strict: false,
}));

const functionCalls = withClient({
  id: "conversation/reused-call-ids",
  title: "Functions are called over three turns, though the service reuses their call ids",
  source: RECORDINGS,
  needs: ["respond", "items"],
  cassette: "responses/function_calls",
  async run(connection) {
    const items: unknown[] = [{ role: "user", content: "Call both tools" }];
    for (const result of ["first result", "second result"]) {
      const { answer } = await turn(connection, [...items], { tools: TOOLS });
      const called = answer.output.find(({ type }) => type === "function_call");
      ok(called, "No function is called");
      const output = { type: "function_call_output", call_id: called.call_id, output: result };
      items.push(called, output);
    }
    equal((await turn(connection, items, { tools: TOOLS })).text, "Both results are in.", "Text");
  },
  negative: sends((request) => {
    request.body = String(request.body).replaceAll("function_call_output", "message");
  }),
});

const chained = withClient({
  id: "conversation/chained",
  title: "A response follows an earlier one by its id",
  source: NOTEBOOKS,
  needs: ["respond", "items"],
  cassette: "responses/chained",
  async run(connection) {
    const { answer } = await turn(connection, "Keep this");
    const next = await turn(connection, "Were you kept?", { previous_response_id: answer.id });
    equal(next.text, "You were kept.", "Text");
  },
  negative: sends((request) => {
    request.body = String(request.body).replace("previous_response_id", "previous");
  }),
});

const stored = withClient({
  id: "conversation/stored-and-deleted",
  title: "A stored response is retrieved, deleted, and is then gone",
  source: NOTEBOOKS,
  needs: ["respond", "call", "items"],
  cassette: "responses/stored_retrieved_deleted",
  async run(connection) {
    const { answer } = await turn(connection, "Keep this");
    const path = `/responses/${answer.id}`;
    const found = await call(connection, "GET", path) as Answer;
    equal(found.id, answer.id, "Id of what was retrieved");
    await call(connection, "DELETE", path);
    const error = await rejects(call(connection, "GET", path), "It is still there");
    equal((error as { status?: unknown }).status, 404, "Status");
  },
  negative: onConnection(({ call, ...rest }) => ({
    ...rest,
    call: call && (async (...args) => await call(...args).catch(() => ({}))),
  })),
});

const emptyOutput = withClient({
  id: "conversation/empty-output",
  title: "A completed response without any output is an empty text, not a crash",
  source: "samfoy/pi-bedrock-mantle@822af6b6 forensics-2026-06-07",
  needs: ["respond"],
  cassette: "responses/empty_output",
  async run(connection) {
    const answered = await connection.respond?.({ model: "openai.gpt-5.5", input: "Say hello!" });
    equal(answered?.text, "", "Text");
  },
  negative: onConnection(({ respond, ...rest }) => ({
    ...rest,
    async respond(...args) {
      const { answer, text } = await respond?.(...args) ?? { answer: undefined, text: "" };
      const [first] = (answer as Answer).output;
      return { text: first?.type.concat(text) ?? "undefined", answer };
    },
  })),
});

const schema = withClient({
  id: "conversation/json-schema",
  title: "An answer by a JSON schema parses",
  source: RECORDINGS,
  needs: ["respond", "items"],
  cassette: "responses/json_schema",
  async run(connection) {
    const properties = { city: { type: "string" } };
    const schema = { type: "object", properties, required: ["city"], additionalProperties: false };
    const format = { type: "json_schema", name: "place", strict: true, schema };
    const { text } = await turn(connection, "Where is the Louvre?", { text: { format } });
    equal(JSON.parse(text), { city: "Paris" }, "Answer");
  },
  negative: sends((request) => {
    request.body = String(request.body).replace("json_schema", "text");
  }),
});

const chat = withClient({
  id: "conversation/chat",
  title: "A chat is answered with text",
  source: ENDPOINTS,
  needs: ["chat"],
  cassette: "chat/gpt_text",
  async run(connection) {
    const answered = await connection.chat?.({ model: MODEL, input: "Say hello!" });
    equal(answered?.text, "Hello!", "Text");
  },
  negative: receivesText((text) => text.replace("Hello!", "")),
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
