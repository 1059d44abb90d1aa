import { bytes, json } from "./http_responses.ts";
import { invalid, notFound } from "./errors.ts";
import type { Exchange, Received, StoredFile } from "./exchange.ts";
import { hex } from "./ids.ts";

// Observed: Mantle has files, on `/v1` only (aws-samples/sample-per-model-bedrock).
// Assumed: all bodies, as OpenAI documents them

/** Handles `POST files`, a multipart upload. */
export async function createFile({ received, world }: Exchange): Promise<Response> {
  const form = await readForm(received);
  const [file, purpose] = [form.get("file"), form.get("purpose")];
  if (!(file instanceof Blob)) throw invalid("Missing required parameter: 'file'.");
  if (typeof purpose !== "string") throw invalid("Missing required parameter: 'purpose'.");
  const content = new Uint8Array(await file.arrayBuffer());
  const object = {
    id: `file-${hex()}`,
    object: "file",
    bytes: content.length,
    created_at: Math.floor(world.now() / 1000),
    filename: file.name,
    purpose,
    status: "processed",
  };
  world.files.set(object.id, { object, content });
  return json(object);
}

/** Handles `GET files`, newest first and in pages. */
export function listFiles({ received, world }: Exchange): Response {
  const query = received.url.searchParams;
  const limit = Number(query.get("limit") ?? 10_000);
  if (!Number.isInteger(limit) || limit < 1) throw invalid("Invalid 'limit'");
  const all = [...world.files.values()].map(({ object }) => object).reverse();
  const after = query.get("after");
  // After an unknown file, the list starts over
  const start = after === null ? 0 : all.findIndex(({ id }) => id === after) + 1;
  const data = all.slice(start, start + limit);
  return json({
    data,
    first_id: data[0]?.id ?? null,
    has_more: start + limit < all.length,
    last_id: data.at(-1)?.id ?? null,
    object: "list",
  });
}

/** Handles `GET files/{id}`. */
export function retrieveFile(exchange: Exchange): Response {
  return json(storedFile(exchange).object);
}

/** Handles `GET files/{id}/content`. */
export function fileContent(exchange: Exchange): Response {
  return bytes(storedFile(exchange).content, "application/octet-stream");
}

/** Handles `DELETE files/{id}`. */
export function deleteFile(exchange: Exchange): Response {
  storedFile(exchange);
  exchange.world.files.delete(exchange.id);
  return json({ id: exchange.id, object: "file", deleted: true });
}

function storedFile({ world, id }: Exchange): StoredFile {
  const stored = world.files.get(id);
  if (!stored) throw notFound(`No such File object: ${id}`);
  return stored;
}

async function readForm({ headers, body }: Received): Promise<FormData> {
  const contentType = headers.get("content-type") ?? "";
  try {
    return await new Response(body, { headers: { "content-type": contentType } }).formData();
  } catch {
    throw invalid("The body is not a multipart form");
  }
}
