import type { Endpoint } from "../endpoint/endpoint.ts";
import { CONTROL_PATHS, CONTROL_PREFIX, DEFAULT_PREFIX, MODEL_ROUTES } from "../endpoint/routes.ts";
import type { PathPrefix, Route } from "../options.ts";
import { copyBytes } from "../platform/body.ts";
import { andThen, type MaybePromise } from "../platform/lazy.ts";
import { readProperty } from "../platform/read_options.ts";
import { passThrough } from "./response.ts";

/** Finds the path prefix of Mantle that serves a request. */
export interface Router {
  /** Rewrites a URL below the derived root to the right prefix; other URLs stay unchanged. */
  target(url: string, body: unknown): MaybePromise<string>;
  /** Remembers the prefix under which a response was created, for later requests for it. */
  note(response: Response, url: string, method: string): Response;
}

const MAX_NOTED_RESPONSES = 1_000;

/** The number of characters in which the id of a response is expected. */
const MAX_BEGINNING = 4_096;

/** Creates a router for a derived Mantle root; a configured base URL is left alone. */
export function createRouter(
  { family, derived, baseURL }: Endpoint,
  routes: readonly Route[],
): Router {
  if (family !== "mantle" || !derived) {
    return { target: (url) => url, note: (response) => response };
  }
  const created = new Map<string, PathPrefix>();
  const { origin } = new URL(baseURL);

  return {
    target(url, body) {
      if (!url.startsWith(`${baseURL}/`)) return url;
      const path = url.slice(baseURL.length);
      return andThen(findPrefix(path, body, routes, created), (prefix) => origin + prefix + path);
    },
    note(response, url, method) {
      // Ids without a note go to the default prefix anyway
      if (method !== "POST" || url.startsWith(`${baseURL}/`)) return response;
      const [, prefix] = /^(\/.*)\/responses$/.exec(new URL(url).pathname) ?? [];
      if (!prefix) return response;
      return watchForId(response, (id) => {
        created.set(id, prefix as PathPrefix);
        const [oldest] = created.keys();
        if (created.size > MAX_NOTED_RESPONSES && oldest !== undefined) created.delete(oldest);
      });
    },
  };
}

function findPrefix(
  path: string,
  body: unknown,
  routes: readonly Route[],
  created: ReadonlyMap<string, PathPrefix>,
): MaybePromise<PathPrefix> {
  const [, first = "", id = ""] = path.split(/[/?#]/);
  if (CONTROL_PATHS.includes(first)) return CONTROL_PREFIX;
  if (first === "responses" && id.startsWith("resp_")) return created.get(id) ?? DEFAULT_PREFIX;
  return andThen(
    readModel(body),
    (model) => model === undefined ? DEFAULT_PREFIX : findRoute(model, routes),
  );
}

/** Finds the prefix that serves a model, first in `routes`, then in the table. */
export function findRoute(model: string, routes: readonly Route[] = []): PathPrefix {
  const route = [...routes, ...MODEL_ROUTES].find(([pattern]) => matches(pattern, model));
  return route ? route[1] : DEFAULT_PREFIX;
}

function matches(pattern: string | RegExp, model: string): boolean {
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

/** Watches the start of a response for its id, streamed or not. */
function watchForId(response: Response, found: (id: string) => void): Response {
  const decoder = new TextDecoder();
  let text: string | undefined = "";
  return passThrough(response, (piece) => {
    if (text === undefined) return;
    text += decoder.decode(piece, { stream: true });
    const [, id] = /"id"\s*:\s*"(resp_\w+)"/.exec(text) ?? [];
    if (id) found(id);
    if (id || text.length > MAX_BEGINNING) text = undefined;
  });
}

/** Reads the model that a request's body names at its top level; `undefined` if it names none. */
export function readModel(body: unknown): MaybePromise<string | undefined> {
  return body instanceof FormData
    ? asText(body.get("model"))
    : andThen(readJsonText(body), readModelOfJson);
}

function readModelOfJson(json: string | undefined): string | undefined {
  if (json === undefined) return undefined;
  // The form nearly every client sends; avoids parsing a long body
  const [, leading] = /^\{"model":"([^"\\\p{Cc}]*)"[,}]/u.exec(json) ?? [];
  if (leading !== undefined) return leading;
  try {
    const value: unknown = JSON.parse(json);
    return value instanceof Object ? asText(readProperty(value, "model")) : undefined;
  } catch {
    return undefined;
  }
}

/** Reads the text of a body that may be JSON, unless reading would consume it. */
function readJsonText(body: unknown): MaybePromise<string | undefined> {
  if (typeof body === "string") return body;
  const bytes = copyBytes(body);
  if (bytes) return new TextDecoder().decode(bytes);
  if (body instanceof Request) {
    const isJson = /\bjson\b/.test(body.headers.get("content-type") ?? "");
    return isJson ? body.clone().text() : undefined;
  }
  return body instanceof Blob && /\bjson\b/.test(body.type) ? body.text() : undefined;
}

function asText(value: unknown): string | undefined {
  return typeof value === "string" ? value : undefined;
}
