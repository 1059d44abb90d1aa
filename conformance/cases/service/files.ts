import type { Case, Connection, Context, Subject, SubjectOptions } from "../../case.ts";
import { equal, ok, rejects } from "../../check.ts";
import { onConnection } from "../../subjects/faults.ts";
import { call, withKeys, withToken } from "../steps.ts";
import { tells } from "./steps.ts";
import { BEDROCK_GUIDE, NOTEBOOKS } from "../sources.ts";

interface Listed {
  readonly data: readonly { readonly id: string }[];
  readonly has_more: boolean;
}

async function uploaded(connection: Connection, text: string, name: string): Promise<string> {
  ok(connection.upload, "The subject does not offer `upload`");
  const file = new File([text], name, { type: "application/jsonl" });
  const answer = await connection.upload(file, "batch", { maxRetries: 0 });
  const { id, bytes, filename } = answer as { id: string; bytes: number; filename: string };
  equal([bytes, filename], [new TextEncoder().encode(text).length, name], "Size and name");
  return id;
}

/** Uploads two files, lists them by pages, reads and deletes one. */
async function keeps(subject: Subject, context: Context, options: SubjectOptions): Promise<void> {
  const connection = await subject.connect(options, context.fetch);
  const text = '{"text":"Grüße"}\n';
  const first = await uploaded(connection, text, "first.jsonl");
  const second = await uploaded(connection, "{}", "second.jsonl");
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
  tells(await rejects(gone, "It is still there"), 404, [], context);
}

/** Spoils what is no ASCII, as decoding and encoding it wrongly does. */
const spoilt = onConnection(({ upload, ...rest }) => ({
  ...rest,
  upload: upload && (async (file, ...args) => {
    const text = (await file.text()).replaceAll("ü", "??");
    return await upload(new File([text], file.name), ...args);
  }),
}));

const withBearer: Case = {
  id: "service/files-with-a-token",
  title: "Files are uploaded, listed by pages, read and deleted with a bearer token",
  source: NOTEBOOKS,
  needs: ["upload", "call"],
  mantle: {},
  run: (subject, context) => keeps(subject, context, withToken(context, "/v1")),
  negative: spoilt,
};

const signed: Case = {
  id: "service/files-signed",
  title:
    "Files are uploaded, listed by pages, read and deleted with keys, forms and queries signed",
  source: BEDROCK_GUIDE,
  own: true,
  needs: ["upload", "call", "sigv4"],
  mantle: {},
  run: (subject, context) => keeps(subject, context, withKeys(context, undefined, "/v1")),
  negative: spoilt,
};

export const files: readonly Case[] = [withBearer, signed];
