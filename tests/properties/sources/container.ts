import assert from "node:assert/strict";
import fc from "fast-check";
import type { Lookup, Reply, SetUp } from "../../support/side_by_side.ts";
import { SECRETS } from "../secrets.ts";
import { mostly, oneOf } from "./compare.ts";
import { complete, incomplete } from "./documents.ts";

const TOKEN = `Bearer ${SECRETS.apiKey}`;

const variables = {
  AWS_CONTAINER_CREDENTIALS_RELATIVE_URI: mostly(
    undefined,
    "/v2/credentials/1",
    "/v2/x?id=a%20b",
    "",
  ),
  AWS_CONTAINER_AUTHORIZATION_TOKEN: mostly(undefined, TOKEN, ` ${TOKEN}`, ""),
  AWS_CONTAINER_AUTHORIZATION_TOKEN_FILE: mostly(undefined, "{home}/token", ""),
  AWS_EC2_METADATA_DISABLED: oneOf("true", undefined),
};

const files = fc.record({ token: mostly("of-file", `${TOKEN}/`, "") });

/** Containers whose agent gives credentials at once, or is not asked. */
export const containerSetUps: fc.Arbitrary<SetUp> = fc.record({
  variables: fc.record({
    ...variables,
    AWS_CONTAINER_CREDENTIALS_FULL_URI: mostly(
      "{url}/v1/credentials",
      "{url}",
      "{url}/v1/credentials/?id=1",
      "{url}/%20?a=b&c=%C3%BC",
      "http://user:password@{host}/x",
      "https://agent.example/x",
      "https://agent.example:8443/x",
      "http://169.254.170.2/x",
      "http://169.254.170.23/v1/credentials",
      "http://[fd00:ec2::23]/v1/credentials",
      "http://169.254.170.3/x",
      "http://169.254.169.254/x",
      "http://agent.example/x",
      "http://127.0.0.1.example/x",
      "no URL",
      "/x",
      undefined,
    ),
  }),
  files,
  document: complete,
}).filter(({ variables }) =>
  variables.AWS_CONTAINER_CREDENTIALS_FULL_URI !== undefined ||
  !!variables.AWS_CONTAINER_CREDENTIALS_RELATIVE_URI
).map(({ variables, files, document }) => ({
  files,
  variables,
  replies: { container: [{ status: 200, body: document }] },
}));

const reply: fc.Arbitrary<Reply> = fc.oneof(
  incomplete.map((body) => ({ status: 200, body })),
  fc.record({ status: oneOf(201, 202, 301, 400, 401, 403, 404, 429, 500, 503), body: complete }),
  oneOf<Reply>(
    { status: 204 },
    { status: 302, headers: { location: "/elsewhere" } },
    { status: 400, body: '{"Code":"InvalidParameter","Message":"no"}' },
  ),
  complete.map((body) => ({ status: 200, body, afterMs: 1_500 })),
);

const LAST: Reply = { status: 500 };

/** Containers whose agent fails, for some time or for good, or is slow. */
export const slowContainerSetUps: fc.Arbitrary<SetUp> = fc.record({
  variables: fc.record({
    ...variables,
    AWS_CONTAINER_CREDENTIALS_FULL_URI: oneOf("{url}/v1/credentials"),
    AWS_CONTAINER_AUTHORIZATION_TOKEN_FILE: mostly(undefined, "{home}/token", "{home}/absent"),
  }),
  files,
  replies: fc.array(reply, { minLength: 1, maxLength: 4 }),
  isInTheEnd: fc.boolean(),
  document: complete,
}).map(({ variables, files, replies, isInTheEnd, document }) => {
  const last = isInTheEnd ? [{ status: 200, body: document }] : replies.slice(-1);
  const all = [...replies, ...last, ...last, ...last].slice(0, 4);
  // What AWS's package asks for a fifth time is left out, as it is a known difference
  return { files, variables, replies: { container: [...all, LAST] } };
});

/** After four attempts AWS's package makes another one, by older code. */
export function fourAttempts({ sent }: Lookup): Lookup["sent"] {
  assert.ok(sent.length <= 5);
  return sent.slice(0, 4);
}
