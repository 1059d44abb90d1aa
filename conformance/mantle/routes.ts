import { empty, json } from "./http_responses.ts";
import { createChatCompletion } from "./chat.ts";
import { notFound } from "./errors.ts";
import type { Exchange, Operation, Received, World } from "./exchange.ts";
import { createFile, deleteFile, fileContent, listFiles, retrieveFile } from "./files.ts";
import { MODEL_IDS, modelEntry } from "./models.ts";
import type { Endpoint } from "./models.ts";
import { createResponse, deleteResponse, retrieveResponse } from "./responses.ts";

type Route = readonly [method: string, path: RegExp, operation: Operation];

const INFERENCE: readonly Route[] = [
  ["POST", /^\/responses$/, createResponse],
  ["GET", /^\/responses\/([^/]+)$/, retrieveResponse],
  ["DELETE", /^\/responses\/([^/]+)$/, deleteResponse],
  ["POST", /^\/responses\/([^/]+)\/cancel$/, retrieveResponse],
  ["POST", /^\/chat\/completions$/, createChatCompletion],
];

const CONTROL: readonly Route[] = [
  ["GET", /^\/models$/, listModels],
  ["GET", /^\/models\/([^/]+)$/, retrieveModel],
  ["POST", /^\/files$/, createFile],
  ["GET", /^\/files$/, listFiles],
  ["GET", /^\/files\/([^/]+)$/, retrieveFile],
  ["DELETE", /^\/files\/([^/]+)$/, deleteFile],
  ["GET", /^\/files\/([^/]+)\/content$/, fileContent],
];

// Observed: on Mantle, models and files exist on `/v1`, and return 404 on `/openai/v1`
const ROUTES: Readonly<Record<Endpoint, Readonly<Record<string, readonly Route[]>>>> = {
  mantle: { "/v1": [...INFERENCE, ...CONTROL], "/openai/v1": INFERENCE },
  runtime: { "/openai/v1": INFERENCE },
};

/** Routes a request to its operation; an unknown route is a 404 without a body. */
export async function respond(received: Received, world: World): Promise<Response> {
  const { pathname } = received.url;
  if (world.endpoint === "runtime" && !pathname.startsWith("/openai/")) return unknownOperation();
  for (const prefix of ["/openai/v1", "/v1"] as const) {
    if (!pathname.startsWith(`${prefix}/`)) continue;
    for (const [method, path, operation] of ROUTES[world.endpoint][prefix] ?? []) {
      const match = path.exec(pathname.slice(prefix.length));
      if (!match || method !== received.method) continue;
      return await operation({ received, world, prefix, id: decode(match[1] ?? "") });
    }
  }
  return empty(404);
}

/** Responds 200, as runtime does without `/openai`. Observed: aws-samples/sample-per-model-bedrock. */
function unknownOperation(): Response {
  const __type = "com.amazon.coral.service#UnknownOperationException";
  return json({ Output: { __type }, Version: "1.0" });
}

function listModels(): Response {
  return json({ data: MODEL_IDS.map(modelEntry), object: "list" });
}

function retrieveModel({ id }: Exchange): Response {
  if (!MODEL_IDS.includes(id)) throw notFound(`The model '${id}' does not exist`);
  return json(modelEntry(id));
}

function decode(segment: string): string {
  try {
    return decodeURIComponent(segment);
  } catch {
    return segment;
  }
}
