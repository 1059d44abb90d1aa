import type { Case, Context, Subject, SubjectOptions } from "../case.ts";
import { equal, ok } from "../check.ts";
import { changesRequest } from "../subjects/faults.ts";
import { call, last, withToken } from "./steps.ts";
import { verifies } from "./signature.ts";
import { BEDROCK_GUIDE, NOTEBOOKS } from "./sources.ts";

/** Bytes that are not UTF-8, with line breaks that a form could drop. */
const BYTES = new Uint8Array([0, 0xff, 0xc3, 0x28, 0x0d, 0x0a, 0x2d, 0x2d, 0xfe, 0x0a]);

const handle = () =>
  Response.json({ id: "file-0", object: "file", bytes: BYTES.length, created_at: 0 });

/** Corrupts bytes that are not text, by decoding and encoding them. */
const throughText = changesRequest(async (request) => {
  const body = await new Response(request.body).arrayBuffer();
  request.headers.set("content-type", request.headers.get("content-type") ?? "text/plain");
  request.body = new TextDecoder().decode(body);
});

async function uploads(subject: Subject, context: Context, auth: SubjectOptions): Promise<void> {
  const options = { ...withToken(context, "/v1"), apiKey: undefined, ...auth };
  const connection = await subject.connect(options, context.fetch);
  ok(connection.upload, "The subject does not offer `upload`");
  const file = new File([BYTES], "grüße.bin", { type: "application/octet-stream" });
  await connection.upload(file, "batch", { maxRetries: 0 });
  const { body, headers } = last(context);
  const type = headers.get("content-type") ?? "";
  const form = await new Response(new Uint8Array(body), { headers: { "content-type": type } })
    .formData();
  const arrived = form.get("file");
  ok(arrived instanceof Blob, "The file is missing");
  equal([...new Uint8Array(await arrived.arrayBuffer())], [...BYTES], "Bytes of the file");
  equal(form.get("purpose"), "batch", "Purpose");
}

const withBearer: Case = {
  id: "files/upload-with-a-token",
  title: "A file is uploaded byte for byte with a bearer token",
  source: NOTEBOOKS,
  needs: ["upload"],
  handle,
  async run(subject, context) {
    await uploads(subject, context, { apiKey: context.bearerToken });
  },
  negative: throughText,
};

const signed: Case = {
  id: "files/upload-signed",
  title: "A file is uploaded byte for byte with keys, and the signature covers the form",
  source: BEDROCK_GUIDE,
  own: true,
  needs: ["upload", "sigv4"],
  handle,
  async run(subject, context) {
    const { credentials } = context;
    await uploads(subject, context, credentials);
    await verifies(last(context), context, { credentials });
  },
  negative: throughText,
};

const whole: Case = {
  id: "files/uploaded-listed-read-deleted",
  title: "Uploading, listing, retrieving, reading and deleting a file are signed",
  source: NOTEBOOKS,
  own: true,
  needs: ["upload", "call", "sigv4"],
  cassette: "files/uploaded_listed_read_deleted",
  async run(subject, context) {
    const { credentials, fetch, sent } = context;
    const options = { ...withToken(context, "/v1"), apiKey: undefined, ...credentials };
    const connection = await subject.connect(options, fetch);
    const file = new File(['{"text":"Hello"}'], "greeting.jsonl");
    const { id } = await connection.upload?.(file, "fine-tune") as { id: string };
    const { data } = await call(connection, "GET", "/files") as { data: { id: string }[] };
    equal(data.map((each) => each.id), [id], "Files listed");
    await call(connection, "GET", `/files/${id}`);
    await call(connection, "GET", `/files/${id}/content`);
    await call(connection, "DELETE", `/files/${id}`);
    await call(connection, "GET", `/files/${id}`).catch(() => {});
    for (const request of sent) await verifies(request, context, { credentials });
  },
  negative: changesRequest(({ method, headers }) => {
    if (method?.toUpperCase() !== "POST") headers.delete("authorization");
  }),
};

export const files: readonly Case[] = [withBearer, signed, whole];
