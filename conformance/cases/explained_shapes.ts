import type { Case, Connection } from "../case.ts";
import { equal, match, ok } from "../check.ts";
import { receives } from "../subjects/faults.ts";
import { failureOf, keeps, type Said, speechless } from "./failures.ts";
import { ask, empty, withClient, withToken } from "./steps.ts";
import { GPTEL_1397 } from "./sources.ts";

const RESTJSON = "https://smithy.io/2.0/aws/protocols/aws-restjson1-protocol.html#operation-errors";

/** A failed answer in a shape of AWS's own. */
interface Shaped {
  readonly body: object | null;
  readonly headers?: Readonly<Record<string, string>>;
  /** What must arrive: a code, which is the type as well, and the beginning of the message. */
  readonly code: string | null;
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
    message: "The service answered 403",
  },
  "no body and a type": {
    body: null,
    headers: { "x-amzn-errortype": "AccessDeniedException" },
    code: "AccessDeniedException",
    message: "The service answered 403",
  },
  "no body": { body: null, code: null, message: "The service answered 403" },
};

function answerShaped({ body, headers = {} }: Shaped): Response {
  const type = { "content-type": "application/x-amz-json-1.0" };
  const text = body && JSON.stringify(body);
  return new Response(text, { status: 403, headers: { ...(body && type), ...headers } });
}

const shapes = withClient({
  id: "explained/errors-in-shapes-of-aws",
  title: "An error in any shape of AWS's own arrives with its type and text, and an empty one too",
  source: RESTJSON,
  own: true,
  needs: ["respond", "explains"],
  answer: (_, count) => answerShaped(Object.values(SHAPES)[count - 1] as Shaped),
  async run(connection) {
    for (const { code, message } of Object.values(SHAPES)) {
      const said = { status: 403, code, type: code, message };
      const { message: text } = keeps(await failureOf(ask(connection)), said);
      ok(!/no body/.test(text), `The client was left without words: ${text}`);
    }
  },
  negative: speechless,
});

/** What any client reads of an answer that failed. */
async function envelopeOf(connection: Connection): Promise<Said> {
  ok(connection.fetch, "The subject does not offer `fetch`");
  const answer = await connection.fetch(`${connection.baseURL}/responses`);
  match(answer.headers.get("content-type"), /^application\/json/, "Content type");
  const text = await answer.text();
  const length = answer.headers.get("content-length");
  ok(length === null || Number(length) === text.length, `Length is ${length}, not ${text.length}`);
  const { error } = JSON.parse(text);
  ok("param" in error, "The envelope lacks `param`");
  return { status: answer.status, ...error };
}

const envelope = withClient({
  id: "explained/envelope-for-any-client",
  title: "An error in any shape of AWS's own is in OpenAI's envelope for whoever reads the answer",
  source: GPTEL_1397,
  own: true,
  needs: ["fetch", "explains"],
  answer: (_, count) => answerShaped(Object.values(SHAPES)[count - 1] as Shaped),
  async run(connection) {
    for (const [what, { code, message }] of Object.entries(SHAPES)) {
      const said = await envelopeOf(connection);
      equal([said.status, said.code, said.type], [403, code, code], what);
      ok(said.message.startsWith(message), `${what}: the message is "${said.message}"`);
    }
  },
  negative: speechless,
});

const PAGE = "<html>Blocked by policy</html>";
const LONG = JSON.stringify({ message: "x".repeat(100_000) });

const notOfAws = withClient({
  id: "explained/what-is-not-of-the-service",
  title: "A page of a proxy, and what is far too long for an error, arrive as they came",
  source: GPTEL_1397,
  own: true,
  needs: ["fetch", "explains"],
  answer(_, count) {
    const [body, type] = count === 1 ? [PAGE, "text/html"] : [LONG, "application/json"];
    const headers = { "content-type": type, "content-length": `${body.length}` };
    return new Response(body, { status: 403, headers });
  },
  async run({ fetch, baseURL }) {
    for (const body of [PAGE, LONG]) {
      const answer = await fetch?.(`${baseURL}/responses`);
      equal([answer?.status, await answer?.text()], [403, body], "Status and body");
    }
  },
  negative: speechless,
});

const FROM_AWS = "11111111-2222-3333-4444-555555555555";
const FROM_MANTLE = "req_example";

const requestIds: Case = {
  id: "explained/request-id-of-aws",
  title: "The request id of AWS arrives under the name that clients look for, if none came by it",
  source: "openai/openai-node README.md",
  own: true,
  needs: ["respond", "fetch", "explains"],
  answer(request, count) {
    const { body } = count % 2 ? empty(request, count) as Response : answerShaped(NO_BODY);
    const ids = { "x-amzn-requestid": FROM_AWS, ...(count > 2 && { "x-request-id": FROM_MANTLE }) };
    const headers = { "content-type": "application/json", ...ids };
    return new Response(body, { status: count % 2 ? 200 : 403, headers });
  },
  async run(subject, context) {
    const connection = await subject.connect(withToken(context), context.fetch);
    for (const id of [FROM_AWS, FROM_MANTLE]) {
      const answer = await connection.fetch?.(`${connection.baseURL}/responses`);
      equal(answer?.headers.get("x-request-id"), id, "Request id of an answer");
      await answer?.body?.cancel();
      const { requestID } = await failureOf(ask(connection)) as { requestID?: unknown };
      equal(requestID, id, "Request id of an error");
    }
  },
  negative: receives((answer) => {
    const headers = new Headers(answer.headers);
    for (const name of ["x-amzn-requestid", "x-request-id"]) headers.delete(name);
    return new Response(answer.body, { status: answer.status, headers });
  }),
};

const NO_BODY: Shaped = { body: null, code: null, message: "" };

export const explainedShapes: readonly Case[] = [shapes, envelope, notOfAws, requestIds];
