import { passedOn } from "./answer.ts";
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
import { onceFound, type Soon } from "./soon.ts";

/** Finds the path prefix of Mantle that serves a request. */
export interface Router {
  /** The URL to send to, instead of one below the derived root; any other stays as it is. */
  target(url: string, body: unknown): Soon<string>;
  /** The answer, which is looked into for where a response was created, as it is asked for there. */
  noted(answer: Response, url: string, method: string): Response;
}

const KEPT_RESPONSES = 1_000;

/** An id that has not come by then does not come at the beginning. */
const LONGEST_BEGINNING = 4_096;

/** Makes a router of a Mantle root that was derived; a base URL of the user's own is left alone. */
export function createRouter(
  { family, derived, baseURL }: Endpoint,
  routes: readonly Route[],
): Router {
  if (family !== "mantle" || !derived) {
    return { target: (url) => url, noted: (answer) => answer };
  }
  const created = new Map<string, PathPrefix>();
  const { origin } = new URL(baseURL);

  return {
    target(url, body) {
      if (!url.startsWith(`${baseURL}/`)) return url;
      const path = url.slice(baseURL.length);
      return onceFound(prefixOf(path, body, routes, created), (prefix) => origin + prefix + path);
    },
    noted(answer, url, method) {
      // An id that is not noted is asked for under the default prefix
      if (method !== "POST" || url.startsWith(`${baseURL}/`)) return answer;
      const [, prefix] = /^(\/.*)\/responses$/.exec(new URL(url).pathname) ?? [];
      if (!prefix) return answer;
      return watched(answer, (id) => {
        created.set(id, prefix as PathPrefix);
        const [oldest] = created.keys();
        if (created.size > KEPT_RESPONSES && oldest !== undefined) created.delete(oldest);
      });
    },
  };
}

function prefixOf(
  path: string,
  body: unknown,
  routes: readonly Route[],
  created: ReadonlyMap<string, PathPrefix>,
): Soon<PathPrefix> {
  const [, first = "", id = ""] = path.split(/[/?#]/);
  if (CONTROL_PATHS.includes(first)) return CONTROL_PREFIX;
  if (first === "responses" && id.startsWith("resp_")) return created.get(id) ?? DEFAULT_PREFIX;
  return onceFound(
    modelOf(body),
    (model) => model === undefined ? DEFAULT_PREFIX : routeOf(model, routes),
  );
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

/** Reads along for the id of a response, which stands at the beginning, streamed or not. */
function watched(answer: Response, found: (id: string) => void): Response {
  const decoder = new TextDecoder();
  let text: string | undefined = "";
  return passedOn(answer, (piece) => {
    if (text === undefined) return;
    text += decoder.decode(piece, { stream: true });
    const [, id] = /"id"\s*:\s*"(resp_\w+)"/.exec(text) ?? [];
    if (id) found(id);
    if (id || text.length > LONGEST_BEGINNING) text = undefined;
  });
}
