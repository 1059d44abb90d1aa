import type { Connection, Subject } from "../case.ts";
import { withVariables, yieldingWithVariables } from "./variables.ts";

/** Sets the variables of the process to those of the options while the subject works. */
export function withProcessVariables(subject: Subject): Subject {
  return {
    ...subject,
    async connect(options, fetch) {
      const env = options.env ?? {};
      return scoped(await withVariables(env, () => subject.connect(options, fetch)), env);
    },
  };
}

function scoped(connection: Connection, env: Readonly<Record<string, string>>): Connection {
  const { call, respond, streamResponse, chat, streamChat, upload, derive, fetch } = connection;
  const during = <A extends unknown[], T>(work?: (...args: A) => Promise<T>) =>
    work && ((...args: A) => withVariables(env, () => work(...args)));
  const while_ = <A extends unknown[], T>(work?: (...args: A) => AsyncIterable<T>) =>
    work && ((...args: A) => yieldingWithVariables(env, () => work(...args)));
  return {
    ...connection,
    derive: derive && (async (options) => {
      const own = options.env ?? {};
      return scoped(await withVariables(own, () => derive(options)), own);
    }),
    fetch: during(fetch),
    call: during(call),
    respond: during(respond),
    streamResponse: while_(streamResponse),
    chat: during(chat),
    streamChat: while_(streamChat),
    upload: during(upload),
  };
}
