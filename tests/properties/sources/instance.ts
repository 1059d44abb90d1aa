import fc from "fast-check";
import type { Reply, SetUp } from "../../support/side_by_side.ts";
import { mostly, oneOf, sectionOf } from "./compare.ts";
import { complete, incomplete } from "./documents.ts";

const MODES = ["IPv4", "IPv4", "IPv6", "IPv6", "ipv6"];
const flag = mostly(undefined, "true", "false", "1");

const settings = {
  ec2_metadata_service_endpoint: mostly(
    undefined,
    "{url}/profile",
    "{url}",
    "{url}/",
    "{url}",
    "no URL",
  ),
  ec2_metadata_service_endpoint_mode: mostly(undefined, ...MODES),
  ec2_metadata_v1_disabled: flag,
};

const tokens = mostly<Reply>(
  { status: 200, body: "issued-token==" },
  { status: 200, body: "" },
  { status: 204 },
  ...[400, 401, 403, 404, 405, 500, 503].map((status) => ({ status, body: "<html>" })),
  { status: 302, headers: { location: "/elsewhere" } },
);

const roles = mostly<Reply>(
  { status: 200, body: "app-role" },
  { status: 200, body: "app-role\n" },
  { status: 200, body: " role_1+=,.@- \r\n" },
  { status: 201, body: "app-role" },
  { status: 200, body: "app\nother" },
  { status: 404, body: "<html>" },
  { status: 401, body: "" },
  { status: 500, body: "" },
  { status: 301, headers: { location: "/elsewhere" } },
);

const credentials = fc.oneof(
  { weight: 3, arbitrary: complete.map((body): Reply => ({ status: 200, body })) },
  incomplete.map((body): Reply => ({ status: 200, body })),
  complete.map((body): Reply => ({ status: 203, body })),
  oneOf<Reply>({ status: 404 }, { status: 401 }, { status: 500 }, { status: 204 }),
  oneOf<Reply>({ status: 307, headers: { location: "/elsewhere" } }),
);

const machine = {
  variables: fc.record({
    AWS_EC2_METADATA_DISABLED: mostly(undefined, "false", "false", "", "", "true", "1"),
    AWS_EC2_METADATA_SERVICE_ENDPOINT: mostly(
      undefined,
      "{url}",
      "{url}",
      "{url}/ignored/",
      "http://127.0.0.1:1",
      "no URL",
    ),
    AWS_EC2_METADATA_SERVICE_ENDPOINT_MODE: mostly(undefined, ...MODES),
    AWS_EC2_METADATA_V1_DISABLED: flag,
  }),
  name: oneOf(undefined, "work"),
  config: fc.record(settings),
  inCredentials: fc.option(fc.record(settings)),
};

type Parts = {
  [Name in keyof typeof machine]: (typeof machine)[Name] extends fc.Arbitrary<infer T> ? T
    : never;
};

function filesAndVariables({ variables, name, config, inCredentials }: Parts) {
  const section = name === undefined ? "default" : `profile ${name}`;
  const credentials = inCredentials ? sectionOf(name ?? "default", inCredentials) : "";
  // So that the profile exists, whatever else it has
  const all = { output: "json", ...config };
  return {
    files: { ".aws/config": sectionOf(section, all), ".aws/credentials": credentials },
    variables: { ...variables, AWS_PROFILE: name },
  };
}

/** Instances with a metadata service that responds. */
export const instanceSetUps: fc.Arbitrary<SetUp> = fc.record({
  ...machine,
  tokens,
  roles,
  credentials,
})
  .map(({ tokens, roles, credentials, ...parts }) => ({
    ...filesAndVariables(parts),
    replies: { token: [tokens], roles: [roles], credentials: [credentials] },
  }));

const silent: Reply = { status: 200, isSilent: true };

/** Instances with a metadata service that does not respond to everything. */
export const slowInstanceSetUps: fc.Arbitrary<SetUp> = fc.record({
  v1: flag,
  token: oneOf(silent, silent, { status: 403 }, { status: 200, body: "issued" }),
  role: mostly<Reply>({ status: 200, body: "app" }, silent),
  credentials: fc.oneof(
    complete.map((body): Reply => ({ status: 200, body })),
    fc.constant(silent),
  ),
}).map(({ v1, token, role, credentials }) => ({
  variables: { AWS_EC2_METADATA_DISABLED: undefined, AWS_EC2_METADATA_V1_DISABLED: v1 },
  replies: { token: [token], roles: [role], credentials: [credentials] },
}));
