import type { Case, Context, Service, SubjectOptions } from "../../case.ts";
import { equal, rejects } from "../../check.ts";
import { sends, sendsHeader } from "../../subjects/faults.ts";
import { ask, withKeys, withToken } from "../steps.ts";
import { GREETING, respond, takesRefusals, tells } from "./steps.ts";
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
      ? sends((request) => void (request.body = String(request.body).replace("hello", "goodbye")))
      : sendsHeader("authorization", "Bearer another-token"),
  };
}

const letIn: readonly Accepted[] = [
  {
    id: "token-accepted",
    title: "A service that verifies bearer tokens lets the right one in",
    keys: false,
    options: (context) => withToken(context),
  },
  {
    id: "signature-accepted",
    title: "A service that verifies signatures lets one with keys in",
    keys: true,
    options: (context) => withKeys(context),
  },
  {
    id: "session-signature-accepted",
    title: "A service that verifies signatures lets one with session keys in",
    keys: true,
    options: (context) => withKeys(context, context.sessionCredentials),
  },
];

interface Refused {
  readonly id: string;
  readonly what: string;
  readonly source?: string;
  readonly mantle?: Service;
  /** What the service says, where somebody has seen it. */
  readonly words?: string;
  readonly options: (context: Context) => SubjectOptions;
  readonly needs?: Case["needs"];
}

function refused(
  { id, what, source = SIGNING, mantle = {}, words, options, needs = ["respond", "sigv4"] }:
    Refused,
): Case {
  return {
    id: `service/${id}`,
    title: `${what} is refused by 401 invalid_api_key, and the error says so without a secret`,
    source,
    needs,
    mantle,
    async run(subject, context) {
      const connection = await subject.connect(options(context), context.fetch);
      const error = await rejects(respond(connection), "The refusal is taken for an answer");
      tells(error, 401, ["invalid_api_key", ...words ? [words] : []], context);
    },
    negative: takesRefusals,
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
    words: "Invalid bearer token",
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
    words: "The security token included in the request is invalid",
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
    words: "Credential should be scoped to correct service: 'bedrock'.",
    options: (context) => withKeys(context),
  },
  {
    id: "expired-signature-refused",
    what: "A signature older than five minutes",
    source: CODEX_28992,
    mantle: { misbehaviours: [{ kind: "skew", seconds: 600 }] },
    words: "Signature expired",
    options: (context) => withKeys(context),
  },
  {
    id: "early-signature-refused",
    what: "A signature of a clock that is ahead",
    mantle: { misbehaviours: [{ kind: "skew", seconds: -600 }] },
    options: (context) => withKeys(context),
  },
  {
    id: "expired-session-refused",
    what: "A session token past its time",
    source: EXPIRED_TOKEN,
    mantle: { misbehaviours: [{ kind: "expired-token" }] },
    words: "The security token included in the request is expired",
    options: (context) => withKeys(context, context.sessionCredentials),
  },
];

export const access: readonly Case[] = [...letIn.map(accepted), ...turnedAway.map(refused)];
