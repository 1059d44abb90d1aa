import assert from "node:assert/strict";
import { test } from "node:test";
import type OpenAI from "openai";
import { withMantle } from "../support/local_mantle.ts";
import { awsClient, bearerClient, FAMILIES, GPT } from "../support/mantle_clients.ts";

test("responses can be continued, retrieved, cancelled and deleted", async () => {
  await withMantle(async ({ baseURL }) => {
    const openai = awsClient(baseURL);
    const first = await openai.responses.create({ model: GPT, input: "One" });
    const second = await openai.responses.create({
      model: GPT,
      input: [{ role: "user", content: [{ type: "input_text", text: "Two" }] }],
      previous_response_id: first.id,
    });
    assert.equal(second.output_text, 'Hello! You said: "Two" (turn 2)');
    const { _request_id: _, ...retrieved } = await openai.responses.retrieve(second.id);
    assert.equal(retrieved.output_text, second.output_text);
    assert.equal(retrieved.previous_response_id, first.id);
    assert.equal((await openai.responses.cancel(second.id)).status, "completed");
    await openai.responses.delete(second.id);
    const gone = { status: 404, code: "not_found_error", message: "404 Response not found." };
    await assert.rejects(openai.responses.retrieve(second.id), gone);
    await assert.rejects(openai.responses.inputItems.list(first.id), { status: 404 });
  });
});

test("a response that is not stored cannot be continued", async () => {
  await withMantle(async ({ origin }) => {
    for (const [prefix, model] of Object.entries(FAMILIES)) {
      const openai = bearerClient(origin + prefix);
      const { id } = await openai.responses.create({ model, input: "One", store: false });
      const next = openai.responses.create({ model, input: "Two", previous_response_id: id });
      await assert.rejects(next, {
        status: 404,
        message: prefix === "/v1" ? `404 Response '${id}' not found.` : "404 Response not found.",
      });
    }
  });
});

test("earlier messages of the user in the input count as turns", async () => {
  await withMantle(async ({ baseURL }) => {
    const openai = bearerClient(baseURL);
    const first = await openai.responses.create({ model: GPT, input: "One" });
    const input: OpenAI.Responses.ResponseInput = [
      { role: "developer", content: "Be kind" },
      { role: "user", content: "One" },
      ...first.output as OpenAI.Responses.ResponseInputItem[],
      { role: "user", content: "Two" },
    ];
    const second = await openai.responses.create({ model: GPT, input });
    assert.equal(second.output_text, 'Hello! You said: "Two" (turn 2)');
  });
});

test("a required function is called once, then the model answers", async () => {
  await withMantle(async ({ baseURL }) => {
    const openai = bearerClient(baseURL);
    const parameters = { type: "object", properties: {} };
    const request = {
      model: GPT,
      tools: [{ type: "function" as const, name: "clock", parameters, strict: false }],
      tool_choice: "required" as const,
    };
    const stream = openai.responses.stream({ ...request, input: "What time is it?" });
    const [call] = (await stream.finalResponse()).output;
    assert.ok(call?.type === "function_call");
    assert.deepEqual([call.name, call.arguments, call.call_id], ["clock", "{}", "call_0"]);
    const { output_text } = await openai.responses.create({
      ...request,
      input: [
        { role: "user", content: "What time is it?" },
        { type: "function_call", name: "clock", arguments: "{}", call_id: "call_0" },
        { type: "function_call_output", call_id: "call_0", output: "noon" },
      ],
    });
    assert.equal(output_text, 'Hello! You said: "What time is it?"');

    const chat = await openai.chat.completions.create({
      model: GPT,
      messages: [{ role: "user", content: "What time is it?" }],
      tools: [{ type: "function", function: { name: "clock", parameters } }],
      tool_choice: "required",
    });
    assert.equal(chat.choices[0]?.finish_reason, "tool_calls");
    assert.match(chat.choices[0].message.tool_calls?.[0]?.id ?? "", /^chatcmpl-tool-/);
  });
});

test("the response to a JSON schema is the smallest JSON that matches it", async () => {
  await withMantle(async ({ baseURL }) => {
    const openai = bearerClient(baseURL);
    const schema = {
      type: "object",
      properties: {
        city: { type: "string" },
        size: { type: ["integer", "null"] },
        kind: { enum: ["town", "village"] },
        place: { type: "object", properties: { x: { type: "number" } }, required: ["x"] },
        tags: { anyOf: [{ type: "array", items: { type: "string" } }, { type: "null" }] },
        extra: { type: "boolean" },
      },
      required: ["city", "size", "kind", "place", "tags"],
    };
    const expected = { city: "", size: 0, kind: "town", place: { x: 0 }, tags: [] };
    const response = await openai.responses.create({
      model: GPT,
      input: "Where?",
      text: { format: { type: "json_schema", name: "City", schema } },
    });
    assert.deepEqual(JSON.parse(response.output_text), expected);
    const chat = await openai.chat.completions.create({
      model: GPT,
      messages: [{ role: "user", content: "Where?" }],
      response_format: { type: "json_schema", json_schema: { name: "City", schema } },
    });
    assert.deepEqual(JSON.parse(chat.choices[0]?.message.content ?? ""), expected);
  });
});
