import type { Case, Connection, Context, Subject, SubjectOptions } from "../../case.ts";
import { equal, ok, rejects } from "../../check.ts";
import { changesConnection } from "../../subjects/faults.ts";
import { call, withKeys, withToken } from "../steps.ts";
import { showsRefusal } from "./steps.ts";
import { BEDROCK_GUIDE, NOTEBOOKS } from "../sources.ts";

interface Listed {
  readonly data: readonly { readonly id: string }[];
  readonly has_more: boolean;
}

async function upload(connection: Connection, text: string, name: string): Promise<string> {
  ok(connection.upload, "The subject does not offer `upload`");
  const file = new File([text], name, { type: "application/jsonl" });
  const uploaded = await connection.upload(file, "batch", { maxRetries: 0 });
  const { id, bytes, filename } = uploaded as { id: string; bytes: number; filename: string };
  equal([bytes, filename], [new TextEncoder().encode(text).length, name], "Size and name");
  return id;
}

/** Uploads two files, lists them in pages, reads one and deletes it. */
async function managesFiles(
  subject: Subject,
  context: Context,
  options: SubjectOptions,
): Promise<void> {
  const connection = await subject.connect(options, context.fetch);
  const text = '{"text":"Grüße"}\n';
  const first = await upload(connection, text, "first.jsonl");
  const second = await upload(connection, "{}", "second.jsonl");
  const page = async (query: string) => {
    const { data, has_more } = await call(connection, "GET", `/files${query}`) as Listed;
    return [data.map(({ id }) => id), has_more];
  };
  equal(await page(""), [[second, first], false], "Files");
  equal(await page("?limit=1"), [[second], true], "The first page");
  equal(await page(`?limit=1&after=${second}`), [[first], false], "The second page");
  equal(await call(connection, "GET", `/files/${first}/content`), text, "Content");
  await call(connection, "DELETE", `/files/${first}`);
  const gone = call(connection, "GET", `/files/${first}`);
  showsRefusal(await rejects(gone, "The file still exists"), 404, [], context);
}

/** Corrupts characters beyond ASCII, as a wrong encoding does. */
const corrupts = changesConnection(({ upload, ...rest }) => ({
  ...rest,
  upload: upload && (async (file, ...args) => {
    const text = (await file.text()).replaceAll("ü", "??");
    return await upload(new File([text], file.name), ...args);
  }),
}));

const withBearer: Case = {
  id: "service/files-with-a-token",
  title: "Files are uploaded, listed in pages, read and deleted with a bearer token",
  source: NOTEBOOKS,
  needs: ["upload", "call"],
  mantle: {},
  run: (subject, context) => managesFiles(subject, context, withToken(context, "/v1")),
  negative: corrupts,
};

const signed: Case = {
  id: "service/files-signed",
  title:
    "Files are uploaded, listed in pages, read and deleted with keys, with signed forms and queries",
  source: BEDROCK_GUIDE,
  own: true,
  needs: ["upload", "call", "sigv4"],
  mantle: {},
  run: (subject, context) => managesFiles(subject, context, withKeys(context, undefined, "/v1")),
  negative: corrupts,
};

export const files: readonly Case[] = [withBearer, signed];
