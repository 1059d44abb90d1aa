/** Holds a client against the conformance suite: here a plain OpenAI client with a Bedrock API key. */
import OpenAI from "openai";
import { cases, overSockets, replay, runCases, runNegatives } from "@mantle/bedrock/conformance";
import type { CallOptions, Subject } from "@mantle/bedrock/conformance";

const subject: Subject = {
  name: "plain OpenAI client",
  lacks: [
    ...["call", "chat", "streamChat", "upload", "move", "derive", "fetch"] as const,
    ...["sigv4", "variables", "tokenProvider", "runtime", "lookupTimeout", "log"] as const,
    ...["items", "transportSignal", "signsEdits", "streamBodies"] as const,
    ...["routes", "explains", "recovers", "idleTimeout"] as const,
  ],
  async connect({ region, baseURL, apiKey }, fetch) {
    const client = new OpenAI({
      baseURL: baseURL ?? `https://bedrock-mantle.${region}.api.aws/openai/v1`,
      apiKey: apiKey ?? undefined,
      fetch,
    });
    return {
      held: [client],
      async respond({ model, input, fields }, options) {
        const body = { model, input: String(input), ...fields };
        const response = await client.responses.create(body, optionsOf(options));
        return { text: response.output_text, response };
      },
      async *streamResponse({ model, input, fields }, options) {
        const body = { model, input: String(input), ...fields, stream: true as const };
        for await (const event of await client.responses.create(body, optionsOf(options))) {
          yield { ...event };
        }
      },
    };
  },
};

function optionsOf({ headers, signal, timeoutMs, maxRetries }: CallOptions = {}) {
  return {
    headers: headers as Record<string, string> | undefined,
    signal,
    ...(timeoutMs !== undefined && { timeout: timeoutMs }),
    ...(maxRetries !== undefined && { maxRetries }),
  };
}

for (const [mode, environment] of Object.entries({ replay, overSockets })) {
  const counts = { pass: 0, fail: 0, "not offered": 0 };
  for (const { id, own, result, reason } of await runCases(cases, subject, environment)) {
    counts[result]++;
    if (result === "fail" && !own) console.log(`${mode}: ${id}: ${reason}`);
  }
  const { pass, fail } = counts;
  console.log(`${mode}: ${pass} hold, ${fail} do not, ${counts["not offered"]} are not offered`);
}
const blind = await runNegatives(cases, subject, replay);
console.log(`${blind.length} cases miss the fault that they are for`);
