import type { Case, Context, Service, SubjectOptions } from "../../case.ts";
import { equal, rejects } from "../../check.ts";
import { changesHeader, changesRequest } from "../../subjects/faults.ts";
import { ask, withKeys, withToken } from "../steps.ts";
import { acceptsRefusals, GREETING, respond, showsRefusal } from "./steps.ts";
import {
  BEDROCK_GUIDE,
  CODEX_23650,
  CODEX_28992,
  CODEX_37246,
  EXPIRED_TOKEN,
  LITELLM_31476,
  SIGNING,
} from "../sources.ts";

interface Accepted {
  readonly id: string;
  readonly title: string;
  readonly keys: boolean;
  readonly options: (context: Context) => SubjectOptions;
}

function accepted({ id, title, keys, options }: Accepted): Case {
  return {
    id: `service/${id}`,
    title,
    source: BEDROCK_GUIDE,
    needs: keys ? ["respond", "sigv4"] : ["respond"],
    mantle: {},
    async run(subject, context) {
      const connection = await subject.connect(options(context), context.fetch);
      equal(await ask(connection, { maxRetries: 0 }), GREETING, "Text");
    },
    negative: keys
      ? changesRequest((request) =>
        void (request.body = String(request.body).replace("hello", "goodbye"))
      )
      : changesHeader("authorization", "Bearer another-token"),
  };
}

const letIn: readonly Accepted[] = [
  {
    id: "token-accepted",
    title: "A service that verifies bearer tokens accepts the right one",
    keys: false,
    options: (context) => withToken(context),
  },
  {
    id: "signature-accepted",
    title: "A service that verifies signatures accepts one with keys",
    keys: true,
    options: (context) => withKeys(context),
  },
  {
    id: "session-signature-accepted",
    title: "A service that verifies signatures accepts one with session keys",
    keys: true,
    options: (context) => withKeys(context, context.sessionCredentials),
  },
];

interface Refused {
  readonly id: string;
  readonly what: string;
  readonly source?: string;
  readonly mantle?: Service;
  /** The service's message, if it was observed. */
  readonly message?: string;
  readonly options: (context: Context) => SubjectOptions;
  readonly needs?: Case["needs"];
}

function refused(
  { id, what, source = SIGNING, mantle = {}, message, options, needs = ["respond", "sigv4"] }:
    Refused,
): Case {
  return {
    id: `service/${id}`,
    title: `${what} is refused with 401 invalid_api_key, and the error shows that but no secret`,
    source,
    needs,
    mantle,
    async run(subject, context) {
      const connection = await subject.connect(options(context), context.fetch);
      const error = await rejects(respond(connection), "The refusal counts as a success");
      showsRefusal(error, 401, ["invalid_api_key", ...message ? [message] : []], context);
    },
    negative: acceptsRefusals,
  };
}

const wrong = (secretAccessKey: string) => (context: Context) =>
  withKeys(context, { ...context.credentials, secretAccessKey });

const turnedAway: readonly Refused[] = [
  {
    id: "wrong-token-refused",
    needs: ["respond"],
    what: "A wrong bearer token",
    source: CODEX_23650,
    message: "Invalid bearer token",
    options: (context) => ({ ...withToken(context), apiKey: "another-token" }),
  },
  {
    id: "wrong-secret-refused",
    what: "A signature with a wrong secret access key",
    options: wrong("another-secret"),
  },
  {
    id: "wrong-session-refused",
    what: "A signature with another session token",
    source: CODEX_37246,
    message: "The security token included in the request is invalid",
    options: (context) =>
      withKeys(context, { ...context.sessionCredentials, sessionToken: "another-session" }),
  },
  {
    id: "other-region-refused",
    what: "A signature for another region than the service's",
    mantle: { region: "eu-west-1" },
    options: (context) => withKeys(context),
  },
  {
    id: "other-service-refused",
    what: "A signature for another service",
    source: LITELLM_31476,
    mantle: { endpoint: "runtime" },
    message: "Credential should be scoped to correct service: 'bedrock'.",
    options: (context) => withKeys(context),
  },
  {
    id: "expired-signature-refused",
    what: "A signature older than five minutes",
    source: CODEX_28992,
    mantle: { misbehaviours: [{ kind: "skew", seconds: 600 }] },
    message: "Signature expired",
    options: (context) => withKeys(context),
  },
  {
    id: "early-signature-refused",
    what: "A signature from a clock that is ahead",
    mantle: { misbehaviours: [{ kind: "skew", seconds: -600 }] },
    options: (context) => withKeys(context),
  },
  {
    id: "expired-session-refused",
    what: "An expired session token",
    source: EXPIRED_TOKEN,
    mantle: { misbehaviours: [{ kind: "expired-token" }] },
    message: "The security token included in the request is expired",
    options: (context) => withKeys(context, context.sessionCredentials),
  },
];

export const access: readonly Case[] = [...letIn.map(accepted), ...turnedAway.map(refused)];
