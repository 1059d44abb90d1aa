import type { Endpoint } from "./endpoint.ts";
import { modelOf } from "./model.ts";
import {
  CONTROL_PATHS,
  CONTROL_PREFIX,
  DEFAULT_PREFIX,
  MODEL_ROUTES,
  type PathPrefix,
  type Route,
} from "./routes.ts";

/** Finds the path prefix of Mantle that serves a request. */
export interface Router {
  /** The URL to send to, instead of one below the derived root; any other stays as it is. */
  target(url: string, body: unknown): Promise<string>;
  /** Notes where a response was created, so that it is asked for there. */
  note(url: string, method: string, answer: Response): void;
}

const KEPT_RESPONSES = 1_000;

/** Makes a router of a Mantle root that was derived; a base URL of the user's own is left alone. */
export function createRouter(
  { family, derived, baseURL }: Endpoint,
  routes: readonly Route[],
): Router {
  if (family !== "mantle" || !derived) {
    return { target: async (url) => url, note: () => {} };
  }
  const created = new Map<string, PathPrefix>();
  const { origin } = new URL(baseURL);

  return {
    async target(url, body) {
      if (!url.startsWith(`${baseURL}/`)) return url;
      const path = url.slice(baseURL.length);
      return origin + await prefixOf(path, body, routes, created) + path;
    },
    note(url, method, answer) {
      const [, prefix] = /^(\/.*)\/responses$/.exec(new URL(url).pathname) ?? [];
      // What is not noted is asked for where it is looked for anyway
      if (method !== "POST" || !answer.ok || !prefix || prefix === DEFAULT_PREFIX) return;
      idOf(answer.clone()).then((id) => {
        if (id === undefined) return;
        created.set(id, prefix as PathPrefix);
        const [oldest] = created.keys();
        if (created.size > KEPT_RESPONSES && oldest !== undefined) created.delete(oldest);
      }, () => {});
    },
  };
}

async function prefixOf(
  path: string,
  body: unknown,
  routes: readonly Route[],
  created: ReadonlyMap<string, PathPrefix>,
): Promise<PathPrefix> {
  const [, first = "", id = ""] = path.split(/[/?#]/);
  if (CONTROL_PATHS.includes(first)) return CONTROL_PREFIX;
  if (first === "responses" && id !== "") return created.get(id) ?? DEFAULT_PREFIX;
  const model = body === undefined || body === null ? undefined : await modelOf(body);
  return model === undefined ? DEFAULT_PREFIX : routeOf(model, routes);
}

/** The prefix that serves a model: by these routes, else by the table. */
export function routeOf(model: string, routes: readonly Route[] = []): PathPrefix {
  const route = [...routes, ...MODEL_ROUTES].find(([pattern]) => fits(pattern, model));
  return route ? route[1] : DEFAULT_PREFIX;
}

function fits(pattern: string | RegExp, model: string): boolean {
  if (typeof pattern !== "string") return model.search(pattern) >= 0;
  const [first = "", ...rest] = pattern.split("*");
  if (!rest.length) return model === pattern;
  const last = rest.pop() ?? "";
  if (!model.startsWith(first) || model.length < first.length + last.length) return false;
  let place = first.length;
  for (const part of rest) {
    const found = model.indexOf(part, place);
    if (found < 0) return false;
    place = found + part.length;
  }
  return model.length - last.length >= place && model.endsWith(last);
}

/** The id of the response that an answer tells of, which stands at its beginning, streamed or not. */
async function idOf(answer: Response): Promise<string | undefined> {
  const reader = answer.body?.pipeThrough(new TextDecoderStream() as never).getReader() as
    | ReadableStreamDefaultReader<string>
    | undefined;
  if (!reader) return undefined;
  try {
    for (let text = ""; text.length < 65_536;) {
      const { done, value } = await reader.read();
      if (done) return undefined;
      const [, id] = /"id"\s*:\s*"(resp_\w+)"/.exec(text += value) ?? [];
      if (id) return id;
    }
  } finally {
    reader.cancel().catch(() => {});
  }
}
