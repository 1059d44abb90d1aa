import type { Case } from "../../case.ts";
import { equal, ok, rejects } from "../../check.ts";
import { changesConnection, changesRequest } from "../../subjects/faults.ts";
import { call, withKeys, withToken } from "../steps.ts";
import { respond, showsRefusal } from "./steps.ts";
import { NOTEBOOKS, RECORDINGS } from "../sources.ts";

interface ResponseObject {
  readonly id: string;
  readonly previous_response_id: string | null;
  readonly output: readonly { type: string; name?: string; call_id?: string }[];
}

const stored: Case = {
  id: "service/stored-conversation",
  title: "Responses continue each other by id, are retrieved and deleted, and are gone afterwards",
  source: NOTEBOOKS,
  needs: ["respond", "call", "items", "sigv4"],
  mantle: {},
  async run(subject, context) {
    const connection = await subject.connect(withKeys(context), context.fetch);
    const ids: string[] = [];
    for (const [index, input] of ["One", "Two", "Three"].entries()) {
      const previous_response_id = ids.at(-1);
      const { text, response } = await respond(connection, {
        input,
        fields: { previous_response_id },
      });
      const turn = index === 0 ? "" : ` (turn ${index + 1})`;
      equal(text, `Hello! You said: "${input}"${turn}`, "Text");
      ids.push((response as ResponseObject).id);
    }
    const path = `/responses/${ids[2]}`;
    const found = await call(connection, "GET", path) as ResponseObject;
    equal(
      [found.id, found.previous_response_id],
      [ids[2], ids[1]],
      "Ids of the retrieved response",
    );
    await call(connection, "DELETE", path);
    const gone = call(connection, "GET", path);
    showsRefusal(await rejects(gone, "The response still exists"), 404, [], context);
    const kept = await call(connection, "GET", `/responses/${ids[1]}`) as ResponseObject;
    equal(kept.id, ids[1], "Id of the remaining response");
  },
  negative: changesConnection(({ respond, ...rest }) => ({
    ...rest,
    respond: respond && (({ model, input }, options) => respond({ model, input }, options)),
  })),
};

const unstored: Case = {
  id: "service/unstored-response",
  title: "A response that is not to be stored cannot be retrieved",
  source: NOTEBOOKS,
  needs: ["respond", "call", "items"],
  mantle: {},
  async run(subject, context) {
    const connection = await subject.connect(withToken(context), context.fetch);
    const { response } = await respond(connection, { fields: { store: false } });
    const asked = call(connection, "GET", `/responses/${(response as ResponseObject).id}`);
    showsRefusal(await rejects(asked, "It was stored"), 404, ["Response not found."], context);
  },
  negative: changesRequest((request) => {
    if (typeof request.body !== "string") return;
    request.body = request.body.replace('"store":false', '"store":true');
  }),
};

const TOOLS = [{
  type: "function",
  name: "get_weather",
  parameters: { type: "object", properties: {} },
  strict: false,
}];

const functionCall: Case = {
  id: "service/function-call-turn",
  title: "A required function is called, and the model answers with its result",
  source: RECORDINGS,
  needs: ["respond", "items"],
  mantle: {},
  async run(subject, context) {
    const connection = await subject.connect(withToken(context), context.fetch);
    const fields = { tools: TOOLS, tool_choice: "required" };
    const items: unknown[] = [{ role: "user", content: "Is it raining?" }];
    const first = await respond(connection, { input: [...items], fields });
    const { output } = first.response as ResponseObject;
    const called = output.find(({ type }) => type === "function_call");
    equal([called?.name, first.text], ["get_weather", ""], "Function and text");
    const { call_id } = called ?? {};
    items.push(called, { type: "function_call_output", call_id, output: "no" });
    const { text } = await respond(connection, { input: items, fields });
    equal(text, 'Hello! You said: "Is it raining?"', "Text");
  },
  negative: changesRequest((request) => {
    request.body = String(request.body).replaceAll("function_call_output", "message");
  }),
};

const schema: Case = {
  id: "service/json-schema",
  title: "A response matches the JSON schema that was sent",
  source: RECORDINGS,
  needs: ["respond", "items"],
  mantle: {},
  async run(subject, context) {
    const connection = await subject.connect(withToken(context), context.fetch);
    const city = { type: "string", enum: ["Zürich"] };
    const required = ["city"];
    const object = { type: "object", properties: { city }, required, additionalProperties: false };
    const format = { type: "json_schema", name: "place", strict: true, schema: object };
    const { text } = await respond(connection, { fields: { text: { format } } });
    ok(text.startsWith("{"), `The text is not JSON: ${text}`);
    equal(JSON.parse(text), { city: "Zürich" }, "JSON");
  },
  negative: changesRequest((request) => {
    request.body = String(request.body).replace("json_schema", "text");
  }),
};

export const turns: readonly Case[] = [stored, unstored, functionCall, schema];
