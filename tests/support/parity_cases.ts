/** The settings of a combination: options of `bedrock()` and environment variables. */
export interface Setting {
  readonly options?: Readonly<Record<string, unknown>>;
  readonly env?: Readonly<Record<string, string>>;
}

/** Settings by their names. */
type Table = Readonly<Record<string, Setting>>;

/**
 * Pairs of entries to compare: `aws` and `mod` stand for our entry and the official one of the same kind;
 * `keys` is our `mod.ts` against the official AWS entry, the only one there that signs.
 */
export type Pair = "aws" | "mod" | "keys";

/** Combinations that must have the same outcome on both sides. */
export interface Group {
  readonly claim: string;
  readonly pairs: readonly Pair[];
  readonly combinations: Table;
}

/** Combinations whose outcomes differ on purpose. */
export interface Deviation extends Group {
  readonly reason: string;
  /** The difference of ours; `changes` if both accept. */
  readonly ours: "accepts" | "refuses" | "changes";
  /** Further settings that make the official outcome the same as ours. */
  readonly like?: Setting;
}

/** The AWS files that every combination finds. No profile but `regional` has a region. */
export const AWS_FILES = {
  config: `
[default]
output = json
[profile regional]
region = eu-west-1
[profile configured]
aws_access_key_id = AKIDCONFIGURED
aws_secret_access_key = configured-secret
`,
  credentials: `
[default]
aws_access_key_id = AKIDDEFAULT
aws_secret_access_key = default-secret
[work]
aws_access_key_id = AKIDWORK
aws_secret_access_key = work-secret
aws_session_token = work-session
[regional]
aws_access_key_id = AKIDREGIONAL
aws_secret_access_key = regional-secret
`,
};

/** Creates a setting for each value of an option. */
function option(name: string, values: readonly unknown[]): Table {
  return Object.fromEntries(
    values.map((value) => [`${name}: ${JSON.stringify(value)}`, { options: { [name]: value } }]),
  );
}

/** Creates a setting for each value of a variable. */
function variable(name: string, values: readonly string[]): Table {
  return Object.fromEntries(
    values.map((value) => [`${name}=${JSON.stringify(value)}`, { env: { [name]: value } }]),
  );
}

/** Merges two settings, of which the second takes precedence. */
export function merge(a: Setting, b: Setting): Setting {
  return { options: { ...a.options, ...b.options }, env: { ...a.env, ...b.env } };
}

/** Combines every setting of each table with every setting of the others. */
function product(...tables: readonly Table[]): Table {
  return tables.reduce((left, right) =>
    Object.fromEntries(
      Object.entries(left).flatMap(([name, a]) =>
        Object.entries(right).map(([other, b]) => [
          [name, other].filter(Boolean).join(", "),
          merge(a, b),
        ])
      ),
    )
  );
}

/** Combines every two different settings of a table. */
function couples(table: Table): Table {
  const entries = Object.entries(table);
  return Object.assign(
    {},
    ...entries.flatMap(([name, setting], index) =>
      entries.slice(index + 1).map(([other, more]) =>
        product({ [name]: setting }, { [other]: more })
      )
    ),
  );
}

const NOTHING: Table = { "": {} };
const WEST = option("region", ["us-west-2"]);
const BEARER: Table = { "apiKey": { options: { apiKey: "option-token" } } };
const KEYS: Table = {
  "keys": { options: { accessKeyId: "AKIDOPTION", secretAccessKey: "option-secret" } },
};
const EITHER: Table = { ...BEARER, ...KEYS };

const FAMILIES = option("endpoint", [undefined, "mantle", "runtime"]);
const NO_FAMILIES = option("endpoint", ["bedrock", "", null]);

/** Regions that an option, variables or both name. */
const REGIONS: Table = {
  ...option("region", ["us-west-2", " us-west-2 ", "us-gov-west-1", "cn-north-1"]),
  ...option("region", ["eusc-de-east-1", "us-iso-east-1", "us-isob-east-1", "eu-isoe-west-1"]),
  ...option("region", ["us-isof-south-1", "us-isox-east-1", "ap-southeast-10"]),
  ...variable("AWS_REGION", ["eu-central-1", " eu-central-1 "]),
  ...variable("AWS_DEFAULT_REGION", ["ap-south-1"]),
  ...product(WEST, variable("AWS_REGION", ["eu-central-1", "not a region"])),
  ...product(
    variable("AWS_REGION", ["eu-central-1", " "]),
    variable("AWS_DEFAULT_REGION", ["ap-south-1", "not a region"]),
  ),
};
const NO_REGIONS: Table = {
  ...option("region", [undefined, "", " ", null, 1, "us-east-1.evil/", "us-east-1@evil"]),
  ...option("region", ["US-WEST-2", "us-west", "us_west_2", "us-west-2\n.evil"]),
  ...variable("AWS_REGION", ["", " ", "us-east-1.evil/"]),
  ...variable("AWS_DEFAULT_REGION", ["us-east-1.evil/"]),
  ...product(option("region", [" "]), variable("AWS_REGION", ["eu-central-1"])),
};

const MANTLE = "https://bedrock-mantle.us-west-2.api.aws/openai/v1";
const RUNTIME = "https://bedrock-runtime.us-west-2.amazonaws.com/openai/v1";
const GATEWAY = "https://gateway.example";
const MANTLE_URLS = [
  MANTLE,
  "https://bedrock-mantle.us-west-2.api.aws./v1/responses",
  "https://BEDROCK-MANTLE.us-west-2.api.aws:8443/v1/",
];
const RUNTIME_URLS = [
  ` ${RUNTIME}/ `,
  "https://bedrock-runtime-fips.us-west-2.amazonaws.com/v1",
  "https://bedrock-runtime.us-west-2.api.aws./v1",
];
const CUSTOM_URLS = [
  GATEWAY,
  "https://gateway.example:8443/bedrock/v1/",
  `${GATEWAY}/v1//`,
  `${GATEWAY}/responses`,
  `${GATEWAY}/v1/responses/`,
  `${GATEWAY}/v1/responses/resp_1/input_items`,
  `${GATEWAY}/v1/responses2`,
  `${GATEWAY}/a b/%2Fresponses`,
  "https://bedrock-mantle.us-west-2.api.aws.gateway.example/v1",
  "https://bedrock-mantle.us-west-2.api.aws../v1",
  "https://bedrock-mantle.us-west-2.amazonaws.com/v1",
  "https://bedrock-mantle-fips.us-west-2.api.aws/v1",
  "https://bedrock-runtime.cn-north-1.amazonaws.com/v1",
  "http://localhost:8080/v1",
  "http://127.0.0.1/v1/responses",
  "http://[::1]:8080/",
];
const NO_URLS = [
  ...["gateway.example/v1", "https://", "/v1", "not a URL", "ftp://gateway.example/v1"],
  ...[MANTLE.replace("https", "http"), RUNTIME.replace("https", "http"), "javascript:alert(1)"],
];
const URLS = [...MANTLE_URLS, ...RUNTIME_URLS, ...CUSTOM_URLS];

const BASE_URLS = option("baseURL", [...URLS, ...NO_URLS, "", " ", 1]);

/** Runtime hosts of every partition, with the region that they are in. */
const PARTITION_HOSTS: Table = Object.assign(
  {},
  ...[
    ...["us-gov-west-1.amazonaws.com", "us-gov-west-1.api.aws"],
    ...["cn-north-1.amazonaws.com.cn", "cn-north-1.api.amazonwebservices.com.cn"],
    ...["eusc-de-east-1.amazonaws.eu", "eusc-de-east-1.api.amazonwebservices.eu"],
    ...["us-iso-east-1.c2s.ic.gov", "us-iso-east-1.api.aws.ic.gov"],
    ...["us-isob-east-1.sc2s.sgov.gov", "us-isob-east-1.api.aws.scloud"],
    ...["eu-isoe-west-1.cloud.adc-e.uk", "eu-isoe-west-1.api.cloud-aws.adc-e.uk"],
    ...["us-isof-south-1.csp.hci.ic.gov", "us-isof-south-1.api.aws.hci.ic.gov"],
  ].map((host) =>
    product(
      option("region", [host.split(".")[0], "us-west-2"]),
      option("baseURL", [`https://bedrock-runtime.${host}/v1`]),
    )
  ),
);

/** URLs that ours refuses, and the official providers accept. */
const DECORATED_URLS = [
  ...["https://user:word@gateway.example/v1", "https://user@gateway.example/v1"],
  ...[`${GATEWAY}/v1?a=b`, `${GATEWAY}/v1?`],
  ...[`${GATEWAY}/v1#a`, `${GATEWAY}/v1/#`],
];
const INSECURE_URLS = [
  ...["http://gateway.example/v1", "http://10.0.0.1:8080/v1", "http://0.0.0.0/v1"],
  ...["http://localhost.gateway.example/v1", "http://127.0.0.1.gateway.example/v1"],
];
const IMPLAUSIBLE_URLS = [
  "https://bedrock-mantle.us_west_2.api.aws/v1",
  ...["https://bedrock-mantle.evil.api.aws/v1", "https://bedrock-runtime.evil.amazonaws.com/v1"],
  "https://bedrock-runtime-fips.us-west.api.aws/v1",
];

/** Regions that agree with the URLs above, one that does not, and some that are none. */
const URL_REGIONS: Table = {
  ...option("region", ["us-west-2", "eu-central-1", " ", "us-east-1.evil/"]),
  ...variable("AWS_DEFAULT_REGION", ["us-west-2", "us-east-1.evil/"]),
};

const IDENTITY = { accessKeyId: "AKIDPROVIDED", secretAccessKey: "provided-secret" };

/** The explicit ways to authenticate, of which one is allowed. */
const MODES: Table = {
  ...EITHER,
  "tokenProvider": { options: { tokenProvider: () => "provided-token" } },
  "profile": { options: { profile: "work" } },
  "credentialProvider": { options: { credentialProvider: () => IDENTITY } },
};

function credentialProvider(name: string, identity: object | undefined): Table {
  const provider = async () => identity;
  return { [`credentialProvider: ${name}`]: { options: { credentialProvider: provider } } };
}

function tokenProvider(name: string, token: unknown): Table {
  return { [`tokenProvider: ${name}`]: { options: { tokenProvider: async () => token } } };
}

function fail(): never {
  throw new Error("nothing to provide");
}

const BEARER_OPTIONS: Table = {
  ...option("apiKey", ["token", "to ken", "to\tken", "t\u00f6ken", "", " ", 1]),
  ...option("apiKey", [" token", "token\t", "to\nken", "to\u0000ken", "to\u007fken", "t\u0151ken"]),
  ...tokenProvider("text", "provided-token"),
  ...tokenProvider("blank", " "),
  ...tokenProvider("nothing", undefined),
  ...tokenProvider("line break", "to\nken"),
  "tokenProvider: failing": { options: { tokenProvider: fail } },
  "tokenProvider: no function": { options: { tokenProvider: "token" } },
  "apiKey: null, tokenProvider": { options: { apiKey: null, tokenProvider: () => "token" } },
};

const KEY_OPTIONS: Table = {
  ...product(KEYS, option("sessionToken", [undefined, "option-session", "", " ", null])),
  ...product(KEYS, option("apiKey", [null, "", " "])),
  ...product(
    option("accessKeyId", ["AKIDOPTION", "", " ", null]),
    option("secretAccessKey", ["option-secret", undefined, "", " ", null]),
  ),
  ...option("secretAccessKey", ["option-secret", ""]),
  ...option("sessionToken", ["option-session", ""]),
  ...product(option("accessKeyId", ["AKIDOPTION"]), option("sessionToken", ["option-session"])),
  ...product(BEARER, option("accessKeyId", ["AKIDOPTION"])),
  ...product(BEARER, option("sessionToken", ["option-session"])),
  ...credentialProvider("keys", IDENTITY),
  ...credentialProvider("temporary", { ...IDENTITY, sessionToken: "provided-session" }),
  ...credentialProvider("expired", { ...IDENTITY, expiration: new Date(0) }),
  ...credentialProvider("nothing", undefined),
  ...credentialProvider("half", { accessKeyId: "AKIDPROVIDED" }),
  ...credentialProvider("blank id", { ...IDENTITY, accessKeyId: " " }),
  ...credentialProvider("blank secret", { ...IDENTITY, secretAccessKey: "" }),
  ...credentialProvider("blank session", { ...IDENTITY, sessionToken: " " }),
  "credentialProvider: failing": { options: { credentialProvider: fail } },
  "credentialProvider: no function": { options: { credentialProvider: IDENTITY } },
};

const PROFILES = option("profile", ["work", " work ", "default", "configured", "regional"]);
const NO_PROFILES = option("profile", ["missing", "", " ", null, 1]);

const BEARER_VARIABLE = variable("AWS_BEARER_TOKEN_BEDROCK", ["variable-token"]);
const KEY_VARIABLES: Table = {
  "key variables": {
    env: { AWS_ACCESS_KEY_ID: "AKIDVARIABLE", AWS_SECRET_ACCESS_KEY: "variable-secret" },
  },
};
const WORK_VARIABLE = variable("AWS_PROFILE", ["work"]);

const BEARER_VARIABLES = variable("AWS_BEARER_TOKEN_BEDROCK", [
  ...["variable-token", " variable-token\n", "to ken", "to\nken", "t\u0151ken", "", " "],
]);

/** Variables that hold keys which one can sign with. */
const SIGNING_VARIABLES: Table = {
  ...KEY_VARIABLES,
  ...product(KEY_VARIABLES, variable("AWS_SESSION_TOKEN", ["variable-session", ""])),
  ...product(KEY_VARIABLES, variable("AWS_PROFILE", [""])),
};

/** Variables that leave AWS's chain to find something, or nothing. */
const CHAIN_VARIABLES_WITHOUT_KEYS: Table = {
  ...NOTHING,
  ...variable("AWS_PROFILE", ["work", "configured", "missing", ""]),
  ...variable("AWS_ACCESS_KEY_ID", ["AKIDVARIABLE", " "]),
  ...variable("AWS_SECRET_ACCESS_KEY", ["variable-secret"]),
  ...variable("AWS_SESSION_TOKEN", ["variable-session"]),
  ...product(KEY_VARIABLES, variable("AWS_ACCESS_KEY_ID", [""])),
  ...product(KEY_VARIABLES, variable("AWS_SECRET_ACCESS_KEY", [""])),
  ...variable("AWS_SHARED_CREDENTIALS_FILE", ["missing-file"]),
  ...product(
    variable("AWS_SHARED_CREDENTIALS_FILE", ["missing-file"]),
    variable("AWS_CONFIG_FILE", ["missing-file"]),
  ),
  ...variable("OPENAI_API_KEY", ["openai-key"]),
};
const CHAIN_VARIABLES: Table = {
  ...CHAIN_VARIABLES_WITHOUT_KEYS,
  ...product(KEY_VARIABLES, WORK_VARIABLE),
};

/** Variables that whatever is explicit overrules. */
const OVERRULED: Table = {
  ...NOTHING,
  ...product(BEARER_VARIABLE, KEY_VARIABLES),
  ...product(KEY_VARIABLES, WORK_VARIABLE),
};

const UNLESS_GIVEN = option("apiKey", [undefined, null]);

/** Combinations that must have the same outcome. */
export const GROUPS: readonly Group[] = [
  {
    claim: "options and variables derive the same endpoint for a token",
    pairs: ["mod", "aws"],
    combinations: {
      ...product(BEARER, FAMILIES, { ...REGIONS, ...NO_REGIONS }),
      ...product(BEARER, NO_FAMILIES, WEST),
    },
  },
  {
    claim: "options and variables derive the same endpoint and scope for keys",
    pairs: ["aws", "keys"],
    combinations: {
      ...product(KEYS, FAMILIES, { ...REGIONS, ...NO_REGIONS }),
      ...product(KEYS, NO_FAMILIES, WEST),
    },
  },
  {
    claim: "the same base URLs are accepted and cut for a token",
    pairs: ["mod"],
    combinations: {
      ...product(BEARER, FAMILIES, { ...NOTHING, ...URL_REGIONS }, BASE_URLS),
      ...product(BEARER, FAMILIES, PARTITION_HOSTS),
      ...product(
        BEARER,
        option("allowInsecureHttp", [true]),
        option("baseURL", [...INSECURE_URLS, ...NO_URLS]),
      ),
    },
  },
  {
    claim: "the same base URLs are accepted and cut for keys",
    pairs: ["aws"],
    combinations: {
      ...product(KEYS, FAMILIES, URL_REGIONS, BASE_URLS),
      ...product(KEYS, FAMILIES, PARTITION_HOSTS),
      ...product(KEYS, FAMILIES, option("baseURL", CUSTOM_URLS)),
      ...product(KEYS, option("endpoint", ["mantle"]), option("baseURL", RUNTIME_URLS)),
      ...product(KEYS, option("endpoint", ["runtime"]), option("baseURL", MANTLE_URLS)),
    },
  },
  {
    claim: "the variable for the base URL is read unless the option is given or null",
    pairs: ["aws"],
    combinations: product(EITHER, option("endpoint", [undefined, "runtime"]), WEST, {
      ...variable("AWS_BEDROCK_BASE_URL", [...URLS, ...NO_URLS]),
      ...product(
        option("baseURL", [undefined, null, "", GATEWAY, MANTLE]),
        variable("AWS_BEDROCK_BASE_URL", ["", " ", MANTLE, RUNTIME, `${GATEWAY}/v1/`, "not a URL"]),
      ),
    }),
  },
  {
    claim: "exactly one explicit way to authenticate is accepted, and wins over variables",
    pairs: ["aws"],
    combinations: product(
      WEST,
      {
        ...BEARER_OPTIONS,
        ...KEY_OPTIONS,
        ...PROFILES,
        ...NO_PROFILES,
        ...couples(MODES),
        ...product(MODES, NO_PROFILES),
        ...product(UNLESS_GIVEN, PROFILES),
      },
      OVERRULED,
    ),
  },
  {
    claim: "a token, keys and the chain of the environment are found in the same order",
    pairs: ["aws"],
    combinations: product(
      WEST,
      UNLESS_GIVEN,
      { ...NOTHING, ...BEARER_VARIABLES },
      { ...SIGNING_VARIABLES, ...CHAIN_VARIABLES },
    ),
  },
  {
    claim: "a token of the options or the environment is found without AWS's packages",
    pairs: ["mod"],
    combinations: {
      ...product(WEST, BEARER_OPTIONS, OVERRULED),
      ...product(WEST, BEARER_VARIABLES, { ...NOTHING, ...WORK_VARIABLE }),
      ...product(WEST, BEARER_VARIABLE, SIGNING_VARIABLES),
      ...product(WEST, UNLESS_GIVEN, CHAIN_VARIABLES_WITHOUT_KEYS),
      ...product(WEST, PROFILES),
    },
  },
  {
    claim: "keys of the options or the environment sign the same without AWS's packages",
    pairs: ["keys"],
    combinations: {
      ...product(WEST, KEY_OPTIONS, { ...NOTHING, ...BEARER_VARIABLE }),
      ...product(WEST, UNLESS_GIVEN, { ...NOTHING, ...BEARER_VARIABLE }, SIGNING_VARIABLES),
    },
  },
];

/** Combinations that must not have the same outcome. An entry that no longer holds fails. */
export const DEVIATIONS: readonly Deviation[] = [
  {
    claim: "a canonical host is refused with a path where no API is",
    reason: "every request there is answered 404",
    pairs: ["aws"],
    ours: "refuses",
    combinations: product(
      WEST,
      EITHER,
      option(
        "baseURL",
        ["", "/", "/openai", "/v1/chat/completions"].map((path) => new URL(MANTLE).origin + path),
      ),
    ),
  },
  {
    claim: "AWS credentials take the region from a canonical host if none is set",
    reason: "the host says it, and no other region would be signed for there",
    pairs: ["aws"],
    ours: "accepts",
    like: { options: { region: "us-west-2" } },
    combinations: {
      ...product(
        { ...KEYS, ...KEY_VARIABLES, ...option("profile", ["work", "regional"]) },
        option("endpoint", [undefined, "mantle"]),
        { ...option("baseURL", MANTLE_URLS), ...variable("AWS_BEDROCK_BASE_URL", MANTLE_URLS) },
      ),
      ...product(KEYS, option("endpoint", [undefined, "runtime"]), option("baseURL", RUNTIME_URLS)),
    },
  },
  {
    claim: "a token takes the region from the selected profile if there is no other",
    reason: "that is where the AWS tools take it from",
    pairs: ["aws"],
    ours: "accepts",
    like: { options: { region: "eu-west-1" } },
    combinations: product(BEARER, FAMILIES, variable("AWS_PROFILE", ["regional"])),
  },
  {
    claim: "AWS credentials take the region from the selected profile if there is no other",
    reason: "that is where the AWS tools take it from",
    pairs: ["aws"],
    ours: "accepts",
    like: { options: { region: "eu-west-1" } },
    combinations: {
      ...product(FAMILIES, option("profile", ["regional", " regional "])),
      ...product(option("profile", ["regional"]), WORK_VARIABLE),
      ...product(FAMILIES, variable("AWS_PROFILE", ["regional"]), { ...NOTHING, ...KEYS }),
      ...product(
        option("endpoint", ["mantle", "runtime"]),
        option("profile", ["regional"]),
        option("baseURL", CUSTOM_URLS),
      ),
    },
  },
  {
    claim: "a base URL with user information, a query or a fragment is refused",
    reason: "the client would put the path after them, and user information is a secret in a URL",
    pairs: ["mod", "aws"],
    ours: "refuses",
    combinations: product(BEARER, WEST, {
      ...option("baseURL", DECORATED_URLS),
      ...variable("AWS_BEDROCK_BASE_URL", DECORATED_URLS),
    }),
  },
  {
    claim: "plain http to another machine is refused",
    reason: "credentials would cross the network unencrypted; `allowInsecureHttp` permits it",
    pairs: ["mod", "aws"],
    ours: "refuses",
    combinations: product(BEARER, WEST, {
      ...option("baseURL", INSECURE_URLS),
      ...variable("AWS_BEDROCK_BASE_URL", INSECURE_URLS),
    }),
  },
  {
    claim: "a base URL on AWS's host names with an implausible region is refused",
    reason: "a slip in the region would otherwise only show when the name does not resolve",
    pairs: ["mod", "aws"],
    ours: "refuses",
    combinations: product(BEARER, option("baseURL", IMPLAUSIBLE_URLS)),
  },
  {
    claim: "all slashes at the end of a base URL are cut",
    reason: "a slash too many leads to a path that no server knows",
    pairs: ["mod", "aws"],
    ours: "changes",
    like: { options: { baseURL: `${GATEWAY}/v1` } },
    combinations: product(BEARER, option("baseURL", [`${GATEWAY}/v1///`])),
  },
  {
    claim: "AWS credentials with white space or control characters are refused",
    reason: "AWS issues none, so they were copied wrongly, and the signature would only fail",
    pairs: ["aws", "keys"],
    ours: "refuses",
    combinations: product(WEST, {
      ...product(KEYS, option("accessKeyId", [" AKIDOPTION", "AKID OPTION"])),
      ...product(KEYS, option("secretAccessKey", ["option-secret\n", "option secret"])),
      ...product(KEYS, option("sessionToken", ["option-session ", "option session"])),
      ...product(KEY_VARIABLES, variable("AWS_ACCESS_KEY_ID", ["AKID VARIABLE"])),
      ...product(KEY_VARIABLES, variable("AWS_SECRET_ACCESS_KEY", ["variable\tsecret"])),
      ...credentialProvider("space", { ...IDENTITY, accessKeyId: "AKIDPROVIDED " }),
      ...credentialProvider("line break", { ...IDENTITY, secretAccessKey: "provided\nsecret" }),
    }),
  },
  {
    claim: "white space around a key in a variable is cut, as it is around other variables",
    reason: "every variable is read in the same way",
    pairs: ["aws", "keys"],
    ours: "changes",
    like: KEY_VARIABLES["key variables"],
    combinations: product(
      WEST,
      KEY_VARIABLES,
      variable("AWS_ACCESS_KEY_ID", [" AKIDVARIABLE", "AKIDVARIABLE\t"]),
    ),
  },
  ...["AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY"].map((name): Deviation => ({
    claim: `a blank ${name} counts as absent, so that the chain goes on`,
    reason: "a blank variable is not set, whichever it is",
    pairs: ["aws"],
    ours: "accepts",
    like: { env: { [name]: "" } },
    combinations: product(WEST, UNLESS_GIVEN, KEY_VARIABLES, variable(name, [" "])),
  })),
  {
    claim: "a blank variable for a session token or a profile counts as absent",
    reason: "every variable is read in the same way",
    pairs: ["aws"],
    ours: "accepts",
    like: { env: { AWS_SESSION_TOKEN: "", AWS_PROFILE: "" } },
    combinations: product(WEST, KEY_VARIABLES, {
      ...variable("AWS_SESSION_TOKEN", [" "]),
      ...variable("AWS_PROFILE", [" "]),
    }),
  },
  {
    claim: "white space around AWS_PROFILE is cut, as it is around the option",
    reason: "every variable is read in the same way",
    pairs: ["aws"],
    ours: "accepts",
    like: { env: { AWS_PROFILE: "work" } },
    combinations: product(
      WEST,
      { ...NOTHING, ...KEY_VARIABLES },
      variable("AWS_PROFILE", [" work "]),
    ),
  },
  {
    claim: "a session token of null from a credential provider counts as absent",
    reason: "responses of other services have null where there is none",
    pairs: ["aws", "keys"],
    ours: "accepts",
    like: { options: { credentialProvider: () => IDENTITY } },
    combinations: product(WEST, credentialProvider("null", { ...IDENTITY, sessionToken: null })),
  },
  {
    claim: "null in place of a callback is refused",
    reason: "null only means something where that is documented",
    pairs: ["aws"],
    ours: "refuses",
    combinations: product(
      WEST,
      { ...NOTHING, ...EITHER },
      { ...option("tokenProvider", [null]), ...option("credentialProvider", [null]) },
    ),
  },
  {
    claim: "the entry without AWS's packages signs with given or environment keys",
    reason: "its signer needs nothing but Web Crypto",
    pairs: ["mod"],
    ours: "accepts",
    combinations: product(WEST, FAMILIES, {
      ...KEYS,
      ...product(UNLESS_GIVEN, SIGNING_VARIABLES),
      ...credentialProvider("keys", IDENTITY),
    }),
  },
  {
    claim: "the entry without AWS's packages prefers given keys to a token in a variable",
    reason: "what is explicit wins, as in the other entry",
    pairs: ["mod"],
    ours: "changes",
    combinations: product(WEST, BEARER_VARIABLE, {
      ...KEYS,
      ...credentialProvider("keys", IDENTITY),
    }),
  },
  {
    claim: "the entry without AWS's packages refuses AWS options beside a token",
    reason: "they would otherwise be ignored without a word",
    pairs: ["mod"],
    ours: "refuses",
    combinations: product(WEST, {
      ...product({ ...BEARER, ...BEARER_VARIABLE }, { ...PROFILES, ...NO_PROFILES }),
      ...product({ ...BEARER, ...BEARER_VARIABLE }, option("accessKeyId", ["AKIDOPTION"])),
      ...product(BEARER, KEYS),
      ...product(BEARER, credentialProvider("keys", IDENTITY)),
    }),
  },
];
