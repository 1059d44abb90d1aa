import { bytesOf } from "./cassette.ts";
import type { ExpectedBody, ExpectedRequest } from "./cassette.ts";
import type { Received } from "./mantle/exchange.ts";
import { isObject } from "./mantle/json_body.ts";

/** A field of a request that is not as expected. */
export interface Difference {
  /** Such as `method`, `header openai-project` or `body.input[0].role`. */
  readonly field: string;
  readonly expected: string;
  readonly found: string;
}

const ABSENT = "nothing";
const SECRET = ["authorization", "x-amz-security-token", "x-api-key", "cookie"];

/** Compares a request with the expectations, field by field; authentication is ignored. */
export async function requestDifferences(
  expected: ExpectedRequest,
  received: Received,
): Promise<Difference[]> {
  const { method, url } = received;
  const target = [
    ...different("method", expected.method, method),
    ...different("path", expected.path, url.pathname + url.search),
  ];
  // Another request altogether: its headers and body would say nothing
  if (target.length > 0) return target;
  return [
    ...headerDifferences(expected, received.headers),
    ...await bodyDifferences(expected.body, received),
  ];
}

function headerDifferences(expected: ExpectedRequest, headers: Headers): Difference[] {
  const required = (expected.headers ?? []).flatMap(([name, value]) => {
    const found = headers.get(name);
    if (found === value) return [];
    const shown = found === null ? ABSENT : maskHeader(name, found);
    return [{ field: `header ${name}`, expected: maskHeader(name, value), found: shown }];
  });
  const forbidden = (expected.forbidden ?? []).filter((name) => headers.has(name)).map((name) => ({
    field: `header ${name}`,
    expected: ABSENT,
    found: maskHeader(name, headers.get(name)!),
  }));
  return [...required, ...forbidden];
}

/** Masks a secret except for its scheme. */
function maskHeader(name: string, value: string): string {
  if (!SECRET.includes(name.toLowerCase())) return value;
  const scheme = /^(Bearer|Basic|AWS4-HMAC-SHA256) /.exec(value)?.[0] ?? "";
  return `${scheme}(masked)`;
}

async function bodyDifferences(
  expected: ExpectedBody | undefined,
  { headers, body }: Received,
): Promise<Difference[]> {
  if (expected === undefined) return [];
  if ("form" in expected) return await formDifferences(expected.form, headers, body);
  const text = new TextDecoder().decode(body);
  if ("json" in expected) {
    const found = parsed(text);
    if (found) return jsonDifferences("body", expected.json, found.value);
    return [{ field: "body", expected: "JSON", found: shown(text) }];
  }
  const wanted = bytesOf(expected);
  if (wanted.length === body.length && wanted.every((byte, i) => byte === body[i])) return [];
  return [{ field: "body", expected: shown(new TextDecoder().decode(wanted)), found: shown(text) }];
}

async function formDifferences(
  expected: Readonly<Record<string, string>>,
  headers: Headers,
  body: Uint8Array<ArrayBuffer>,
): Promise<Difference[]> {
  const contentType = headers.get("content-type") ?? "";
  let form: FormData;
  try {
    form = await new Response(body, { headers: { "content-type": contentType } }).formData();
  } catch {
    return [{ field: "body", expected: "a multipart form", found: contentType || ABSENT }];
  }
  const compared = Object.entries(expected).map(async ([name, value]) => {
    const entry = form.get(name);
    const found = entry instanceof Blob ? await entry.text() : entry;
    return different(`body.${name}`, value, found ?? undefined);
  });
  return (await Promise.all(compared)).flat();
}

/** Compares JSON: objects may have more fields than expected; everything else must be equal. */
function jsonDifferences(field: string, expected: unknown, found: unknown): Difference[] {
  if (isObject(expected) && isObject(found)) {
    return Object.entries(expected).flatMap(([name, value]) =>
      jsonDifferences(
        `${field}.${name}`,
        value,
        Object.hasOwn(found, name) ? found[name] : undefined,
      )
    );
  }
  if (Array.isArray(expected) && Array.isArray(found) && expected.length === found.length) {
    return expected.flatMap((value, i) => jsonDifferences(`${field}[${i}]`, value, found[i]));
  }
  return different(field, expected, found);
}

function different(field: string, expected: unknown, found: unknown): Difference[] {
  const same = expected === found;
  return same ? [] : [{ field, expected: shown(expected), found: shown(found) }];
}

function shown(value: unknown): string {
  const text = value === undefined ? ABSENT : JSON.stringify(value);
  return text.length > 200 ? `${text.slice(0, 200)}…` : text;
}

function parsed(text: string): { value: unknown } | undefined {
  try {
    return { value: JSON.parse(text) };
  } catch {
    return undefined;
  }
}
