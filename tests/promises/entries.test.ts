import assert from "node:assert/strict";
import { test } from "node:test";
import * as aws from "../../aws.ts";
import * as mod from "../../mod.ts";
import { type Exported, exported } from "../support/exported.ts";
import { textOf } from "../support/modules.ts";

/** Splits a list of names. */
const words = (text: string) => text.trim().split(/\s+/);

/** The exports that `mod.ts` and `aws.ts` have in common. */
const VALUES = ["BedrockError", "bedrock", "decodeKey", "mintKey", "tokenProvider"];
const TYPES = words(`
    Alone AuthOptions AwsCredentialIdentity AwsCredentialsProvider AwsKeyOptions
    BaseURLOptions BearerOptions Bedrock BedrockEndpoint BedrockErrorCode
    BedrockProviderOptions BodyOptions CallbackProperties DecodedKey EndpointOptions
    Explanation Fetch MintOptions MintingOptions OneSigningWay OneWay OpenAIProvider
    ServiceRefusal SkippedSource PathPrefix Problem ProfileOptions ProviderOf Route RuntimeOptions
    ShortTermKey Sourced
  `);

/** All that each entry exports; what is not here is nobody's to use. */
const ENTRIES: Readonly<Record<string, Exported>> = {
  ".": { values: VALUES, types: [...TYPES] },
  "./aws": { values: VALUES, types: [...TYPES, "OneProfile"] },
  "./cli": { values: [], types: [] },
  "./openai": {
    values: ["BedrockError", "BedrockOpenAI", "fromEnvironment"],
    types: words(`
    AwsCredentialIdentity AwsCredentialsProvider BedrockClientOptions BedrockEndpoint
    BedrockErrorCode CallbackProperties ClientAuthOptions ClientEndpointOptions
    ClientRuntimeOptions OneClientWay ServiceRefusal SkippedSource PlainClientOptions
  `),
  },
  "./sts": {
    values: [
      "BedrockError",
      "assumeRole",
      "azure",
      "cognitoIdentity",
      "githubActions",
      "googleCloud",
      "tokenFile",
      "vercel",
      "webIdentity",
    ],
    types: [
      "AssumeRoleOptions",
      "AudienceOptions",
      "AwsCredentialIdentity",
      "AwsCredentialsProvider",
      "AzureOptions",
      "BedrockErrorCode",
      "CallbackProperties",
      "CognitoIdentityOptions",
      "CredentialProvider",
      "CredentialServiceOptions",
      "Fetch",
      "GoogleCloudOptions",
      "RoleOptions",
      "ServiceRefusal",
      "SkippedSource",
      "TokenFileOptions",
      "TokenSource",
      "TokenSourceOptions",
      "VercelOptions",
      "WebIdentityOptions",
      "WebIdentityTokenProvider",
    ],
  },
  "./conformance": {
    values: ["cases", "overSockets", "replay", "runCases", "runNegatives"],
    types: words(`
    Bytes CallOptions CallbackProperties Capability Case Cassette CassetteExchange
    CassetteSource Chunk Connection Content Context Credentials Endpoint Environment
    ExpectedBody ExpectedRequest Head Header Opened ModelResponse Operation Outcome
    PlayedResponse Question ReceivedResponse SentRequest Service ShownExchange StreamEvent
    StreamedBody Subject SubjectOptions WholeBody
  `),
  },
  "./mantle": {
    values: [
      "EXAMPLE_BEARER_TOKEN",
      "EXAMPLE_CREDENTIALS",
      "MISBEHAVE_HEADER",
      "mantle",
      "misbehave",
      "parseMisbehaviours",
    ],
    types: words(`
    Authentication Endpoint Handler KnownCredential MantleOptions MisbehaveOptions
    Misbehaviour ReceivedRequest
  `),
  },
  "./aws-endpoints": {
    values: [
      "azureIdentity",
      "cognitoIdentity",
      "containerCredentials",
      "githubTokens",
      "googleMetadata",
      "instanceMetadata",
      "ssoOidc",
      "ssoPortal",
      "sts",
    ],
    types: [
      "AzureIdentityOptions",
      "Caller",
      "CognitoIdentityOptions",
      "ContainerCredentialsOptions",
      "FederatedRole",
      "GithubTokenOptions",
      "IdentityProvider",
      "InstanceMetadataOptions",
      "IssueToken",
      "IssuedOptions",
      "ObservedRequest",
      "Received",
      "Role",
      "ServiceOptions",
      "SsoOidcOptions",
      "SsoPortalOptions",
      "StsOptions",
      "TemporaryCredentials",
      "WebIdentityTrust",
      "WorkloadTokenOptions",
    ],
  },
};

interface Package {
  readonly exports: Readonly<Record<string, string>>;
}

test("every entry exports exactly the listed values and types", async () => {
  const { exports }: Package = JSON.parse(await textOf("deno.json"));
  assert.deepEqual(Object.keys(exports).toSorted(), Object.keys(ENTRIES).toSorted());
  for (const [entry, path] of Object.entries(exports)) {
    const { values, types } = ENTRIES[entry]!;
    const promised = { values: values.toSorted(), types: types.toSorted() };
    assert.deepEqual(exported(await textOf(path)), promised, entry);
    // The command line runs where it is imported
    if (entry === "./cli") continue;
    const found = Object.keys(await import(new URL(`../../${path}`, import.meta.url).href));
    assert.deepEqual(found.toSorted(), promised.values, entry);
  }
});

test("npm and JSR have the same entries", async () => {
  const [jsr, npm]: [Package, Package] = [
    JSON.parse(await textOf("deno.json")),
    JSON.parse(await textOf("package.json")),
  ];
  assert.deepEqual(npm.exports, jsr.exports);
});

test("every entry exports the same error class", () => {
  assert.equal(aws.BedrockError, mod.BedrockError);
});
