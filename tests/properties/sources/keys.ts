import fc from "fast-check";
import type { SetUp } from "../../support/side_by_side.ts";
import { KEYS, SECRETS } from "../secrets.ts";
import { mostly, oneOf } from "./compare.ts";

const HEADS = [
  "[default]",
  "[default]",
  "[work]",
  "[profile work]",
  "[default]",
  "[work]",
  "[other]",
  "[profile default]",
  "[profile work]",
  "[profile other]",
  '[profile "work"]',
  "[profile 'work']",
  "[profile  work]",
  "[profile\twork]",
  "[ work ]",
  "  [work]",
  "[work] # comment",
  "[profile work];comment",
  "[work",
  "[]",
  "[profile a b]",
  "[profile wörk]",
  "[sso-session work]",
  "[services work]",
];

const NAMES = ["aws_access_key_id", "aws_secret_access_key", "aws_session_token"];

/** Values that AWS's files have, told apart by a number. */
const value = (name: string, number: number) =>
  name === "aws_access_key_id"
    ? `AKIA${number}`
    : `${name === "aws_session_token" ? SECRETS.sessionToken : SECRETS.secretAccessKey}${number}`;

const setting = fc.record({
  name: oneOf(...NAMES, ...NAMES, "AWS_ACCESS_KEY_ID", "aws_account_id", "region", "s3"),
  number: fc.nat(9),
  indent: mostly("", " ", "\t"),
  equals: mostly(" = ", "=", "\t=\t", " =", "= "),
  end: mostly("", " ", " # comment", " ;comment", "#no_comment", ";no_comment", "\t# a = b"),
  quotes: mostly("", '"'),
  isEmpty: mostly(false, true),
}).map(({ name, number, indent, equals, end, quotes, isEmpty }) =>
  indent + name + equals + (isEmpty ? "" : quotes + value(name, number) + quotes) + end
);

const line = fc.oneof(
  { weight: 8, arbitrary: setting },
  oneOf(
    "",
    "# comment",
    "; comment",
    "  # comment",
    "no setting",
    "= nothing",
    "output = json",
    " ",
  ),
);

const pair = fc.nat(9).map((number) => NAMES.map((name) => `${name} = ${value(name, number)}`));

const section = fc.record({
  head: oneOf(...HEADS),
  keys: fc.oneof(pair.map((lines) => lines.slice(0, 2)), pair, pair, fc.constant([])),
  lines: fc.array(line, { maxLength: 4 }),
  isAfter: fc.boolean(),
}).map(({ head, keys, lines, isAfter }) => [
  head,
  ...isAfter ? [...keys, ...lines] : [...lines, ...keys],
]);

const file = fc.record({
  mark: mostly("", "\ufeff"),
  first: fc.array(line, { maxLength: 1 }),
  sections: fc.array(section, { minLength: 1, maxLength: 5 }),
  end: mostly("\n", "\r\n"),
}).map(({ mark, first, sections, end }) => mark + [...first, ...sections.flat()].join(end));

/** Keys in variables and in the shared files. */
export const keySetUps: fc.Arbitrary<SetUp> = fc.record({
  config: file,
  credentials: file,
  elsewhere: file,
  variables: fc.record({
    AWS_ACCESS_KEY_ID: oneOf(undefined, KEYS.accessKeyId, KEYS.accessKeyId, ""),
    AWS_SECRET_ACCESS_KEY: oneOf(undefined, KEYS.secretAccessKey, KEYS.secretAccessKey, ""),
    AWS_SESSION_TOKEN: mostly(undefined, SECRETS.sessionToken, ""),
    AWS_CREDENTIAL_EXPIRATION: mostly(
      undefined,
      "2099-01-01T00:00:00Z",
      "2001-01-01T00:00:00Z",
      "",
    ),
    AWS_ACCOUNT_ID: mostly(undefined, "123456789012"),
    AWS_PROFILE: oneOf(undefined, "", undefined, "work", "work", "other", "default", "absent"),
    AWS_DEFAULT_PROFILE: mostly(undefined, "work"),
    AWS_CONFIG_FILE: mostly(undefined, "{home}/elsewhere", "~/elsewhere", "{home}/absent", ""),
    AWS_SHARED_CREDENTIALS_FILE: mostly(undefined, "{home}/elsewhere", "~/elsewhere", "absent"),
  }),
  home: mostly({}, { HOME: undefined, USERPROFILE: "{home}" }),
}).map(({ config, credentials, elsewhere, variables, home }) => ({
  files: { ".aws/config": config, ".aws/credentials": credentials, elsewhere },
  variables: { ...variables, ...home },
}));
