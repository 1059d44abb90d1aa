import type { Case, Connection } from "../case.ts";
import { equal, match, ok } from "../check.ts";
import { changesResponse } from "../subjects/faults.ts";
import { dropsMessages, failureOf, keepsError, type ServiceError } from "./failures.ts";
import { ask, empty, withClient, withToken } from "./steps.ts";
import { GPTEL_1397 } from "./sources.ts";

const RESTJSON = "https://smithy.io/2.0/aws/protocols/aws-restjson1-protocol.html#operation-errors";

/** A failed response in one of AWS's own formats. */
interface Shaped {
  readonly body: object | null;
  readonly headers?: Readonly<Record<string, string>>;
  /** The expected code, which is also the type. */
  readonly code: string | null;
  /** The expected beginning of the message. */
  readonly message: string;
}

const DENIED = "You may not";

const SHAPES: Readonly<Record<string, Shaped>> = {
  "a message alone": { body: { message: DENIED }, code: null, message: DENIED },
  "a message in upper case": { body: { Message: DENIED }, code: null, message: DENIED },
  "a type of Coral": {
    body: { __type: "com.amazon.coral.service#AccessDeniedException", Message: DENIED },
    code: "AccessDeniedException",
    message: DENIED,
  },
  "a type with an address": {
    body: { __type: "AccessDeniedException:http://internal.amazon.com/", message: DENIED },
    code: "AccessDeniedException",
    message: DENIED,
  },
  "a code": { body: { code: "Throttled", message: DENIED }, code: "Throttled", message: DENIED },
  "a type in the headers": {
    body: { message: DENIED },
    headers: { "x-amzn-errortype": "AccessDeniedException:http://internal.amazon.com/" },
    code: "AccessDeniedException",
    message: DENIED,
  },
  "a type alone": {
    body: { __type: "AccessDeniedException" },
    code: "AccessDeniedException",
    message: "The service returned 403",
  },
  "no body and a type": {
    body: null,
    headers: { "x-amzn-errortype": "AccessDeniedException" },
    code: "AccessDeniedException",
    message: "The service returned 403",
  },
  "no body": { body: null, code: null, message: "The service returned 403" },
};

function shapedResponse({ body, headers = {} }: Shaped): Response {
  const type = { "content-type": "application/x-amz-json-1.0" };
  const text = body && JSON.stringify(body);
  return new Response(text, { status: 403, headers: { ...(body && type), ...headers } });
}

const shapes = withClient({
  id: "explained/errors-in-shapes-of-aws",
  title: "An error in any of AWS's own formats, or an empty one, arrives with type and message",
  source: RESTJSON,
  own: true,
  needs: ["respond", "explains"],
  handle: (_, count) => shapedResponse(Object.values(SHAPES)[count - 1] as Shaped),
  async run(connection) {
    for (const { code, message } of Object.values(SHAPES)) {
      const expected = { status: 403, code, type: code, message };
      const { message: text } = keepsError(await failureOf(ask(connection)), expected);
      ok(!/no body/.test(text), `The client got no message: ${text}`);
    }
  },
  negative: dropsMessages,
});

/** Reads the envelope of a failed response, as any client does. */
async function envelopeOf(connection: Connection): Promise<ServiceError> {
  ok(connection.fetch, "The subject does not offer `fetch`");
  const response = await connection.fetch(`${connection.baseURL}/responses`);
  match(response.headers.get("content-type"), /^application\/json/, "Content type");
  const text = await response.text();
  const length = response.headers.get("content-length");
  ok(length === null || Number(length) === text.length, `Length is ${length}, not ${text.length}`);
  const { error } = JSON.parse(text);
  ok("param" in error, "The envelope lacks `param`");
  return { status: response.status, ...error };
}

const envelope = withClient({
  id: "explained/envelope-for-any-client",
  title: "An error in any of AWS's own formats arrives in OpenAI's envelope",
  source: GPTEL_1397,
  own: true,
  needs: ["fetch", "explains"],
  handle: (_, count) => shapedResponse(Object.values(SHAPES)[count - 1] as Shaped),
  async run(connection) {
    for (const [what, { code, message }] of Object.entries(SHAPES)) {
      const expected = await envelopeOf(connection);
      equal([expected.status, expected.code, expected.type], [403, code, code], what);
      ok(expected.message.startsWith(message), `${what}: the message is "${expected.message}"`);
    }
  },
  negative: dropsMessages,
});

const PAGE = "<html>Blocked by policy</html>";
const LONG = JSON.stringify({ message: "x".repeat(100_000) });

const notOfAws = withClient({
  id: "explained/what-is-not-of-the-service",
  title: "A proxy's page, and a body that is too long for an error, arrive unchanged",
  source: GPTEL_1397,
  own: true,
  needs: ["fetch", "explains"],
  handle(_, count) {
    const [body, type] = count === 1 ? [PAGE, "text/html"] : [LONG, "application/json"];
    const headers = { "content-type": type, "content-length": `${body.length}` };
    return new Response(body, { status: 403, headers });
  },
  async run({ fetch, baseURL }) {
    for (const body of [PAGE, LONG]) {
      const response = await fetch?.(`${baseURL}/responses`);
      equal([response?.status, await response?.text()], [403, body], "Status and body");
    }
  },
  negative: dropsMessages,
});

const FROM_AWS = "11111111-2222-3333-4444-555555555555";
const FROM_MANTLE = "req_example";

const requestIds: Case = {
  id: "explained/request-id-of-aws",
  title: "AWS's request id arrives under the name that clients read, if that has no value",
  source: "openai/openai-node README.md",
  own: true,
  needs: ["respond", "fetch", "explains"],
  handle(request, count) {
    const { body } = count % 2 ? empty(request, count) as Response : shapedResponse(NO_BODY);
    const ids = { "x-amzn-requestid": FROM_AWS, ...(count > 2 && { "x-request-id": FROM_MANTLE }) };
    const headers = { "content-type": "application/json", ...ids };
    return new Response(body, { status: count % 2 ? 200 : 403, headers });
  },
  async run(subject, context) {
    const connection = await subject.connect(withToken(context), context.fetch);
    for (const id of [FROM_AWS, FROM_MANTLE]) {
      const response = await connection.fetch?.(`${connection.baseURL}/responses`);
      equal(response?.headers.get("x-request-id"), id, "Request id of a response");
      await response?.body?.cancel();
      const { requestID } = await failureOf(ask(connection)) as { requestID?: unknown };
      equal(requestID, id, "Request id of an error");
    }
  },
  negative: changesResponse((response) => {
    const headers = new Headers(response.headers);
    for (const name of ["x-amzn-requestid", "x-request-id"]) headers.delete(name);
    return new Response(response.body, { status: response.status, headers });
  }),
};

const NO_BODY: Shaped = { body: null, code: null, message: "" };

export const explainedShapes: readonly Case[] = [shapes, envelope, notOfAws, requestIds];
