import { readProperty } from "../platform/read_options.ts";

interface Dispatcher {
  dispatch(options: object, handler: unknown): boolean;
}

/** Finds the name that Node keeps the dispatcher of its `fetch` under, which has changed with undici 8. */
function globalName(): symbol {
  const process = readProperty(globalThis, "process") as { versions?: Record<string, string> };
  const isNew = Number.parseInt(process?.versions?.undici ?? "") >= 8;
  return Symbol.for(`undici.globalDispatcher.${isNew ? 2 : 1}`);
}

/**
 * Finds a dispatcher without limits for Node's own `fetch`, which gives up a response that begins, or
 * pauses, after 300 seconds. It sends through the global one, so that a proxy stays. `undefined` on
 * other runtimes.
 *
 * @see https://github.com/nodejs/undici/blob/main/docs/docs/api/Dispatcher.md
 */
export function patientDispatcher(): Dispatcher | undefined {
  const name = globalName();
  const find = () => readProperty(globalThis, name) as Dispatcher | undefined;
  if (!find()) return undefined;
  return {
    dispatch: (options, handler) =>
      find()!.dispatch({ ...options, headersTimeout: 0, bodyTimeout: 0 }, handler),
  };
}
