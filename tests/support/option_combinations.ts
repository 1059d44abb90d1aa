/**
 * Combinations of options that are refused, by the compiler and when they run, and such as are not.
 * The tests run them; the consumers of the npm package are compiled with them as well.
 *
 * @module
 */
import { bedrock as keyBedrock, mintKey } from "@mantle/bedrock";
import { bedrock, type BedrockErrorCode } from "@mantle/bedrock/aws";
import { BedrockOpenAI } from "@mantle/bedrock/openai";

const apiKey = "key";
const accessKeyId = "AKIDEXAMPLE";
const secretAccessKey = "wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY";
const sessionToken = "session";
const profile = "work";
const tokenProvider = () => apiKey;
const credentialProvider = () => ({ accessKeyId, secretAccessKey });

const keys = { accessKeyId, secretAccessKey };
const here = { region: "us-west-2", env: {} } as const;
const there = { awsRegion: "us-west-2", env: {} } as const;
const awsKeys = { awsAccessKeyId: accessKeyId, awsSecretAccessKey: secretAccessKey };

type Attempts = readonly (() => unknown)[];

/** Each with the code of the error that it ends in. */
export const REFUSED: Partial<Record<BedrockErrorCode, Attempts>> = {
  auth_conflict: [
    // @ts-expect-error: a token beside a callback for one
    () => bedrock({ ...here, apiKey, tokenProvider }),
    // @ts-expect-error: a token beside keys
    () => bedrock({ ...here, apiKey, accessKeyId, secretAccessKey }),
    // @ts-expect-error: a token beside a callback for credentials
    () => bedrock({ ...here, apiKey, credentialProvider }),
    // @ts-expect-error: a token beside a profile
    () => bedrock({ ...here, apiKey, profile }),
    // @ts-expect-error: a callback for a token beside keys
    () => bedrock({ ...here, tokenProvider, ...keys }),
    // @ts-expect-error: two callbacks
    () => bedrock({ ...here, tokenProvider, credentialProvider }),
    // @ts-expect-error: a callback for a token beside a profile
    () => bedrock({ ...here, tokenProvider, profile }),
    // @ts-expect-error: keys beside a callback for credentials
    () => bedrock({ ...here, ...keys, credentialProvider }),
    // @ts-expect-error: keys beside a profile
    () => bedrock({ ...here, ...keys, profile }),
    // @ts-expect-error: a callback for credentials beside a profile
    () => bedrock({ ...here, credentialProvider, profile }),
    // @ts-expect-error: the same without the AWS packages
    () => keyBedrock({ ...here, apiKey, ...keys }),
    // @ts-expect-error: in minting
    () => mintKey({ ...here, ...keys, credentialProvider }),
    // @ts-expect-error: in the names of the client
    () => new BedrockOpenAI({ ...there, apiKey, ...awsKeys }),
    // @ts-expect-error: a token beside a profile, in those
    () => new BedrockOpenAI({ ...there, apiKey, awsProfile: profile }),
    // @ts-expect-error: two callbacks, in those
    () => new BedrockOpenAI({ ...there, bedrockTokenProvider: tokenProvider, awsProfile: profile }),
  ],
  credentials_incomplete: [
    // @ts-expect-error: half a pair of keys
    () => bedrock({ ...here, accessKeyId }),
    // @ts-expect-error: the other half
    () => bedrock({ ...here, secretAccessKey }),
    // @ts-expect-error: a session token alone
    () => bedrock({ ...here, sessionToken }),
    // @ts-expect-error: half a pair with a session token
    () => bedrock({ ...here, accessKeyId, sessionToken }),
    // @ts-expect-error: without the AWS packages
    () => keyBedrock({ ...here, accessKeyId }),
    // @ts-expect-error: in minting
    () => mintKey({ ...here, secretAccessKey }),
    // @ts-expect-error: in the names of the client
    () => new BedrockOpenAI({ ...there, awsAccessKeyId: accessKeyId }),
    // @ts-expect-error: when options change
    () => new BedrockOpenAI({ ...there, apiKey }).withOptions({ awsSessionToken: sessionToken }),
  ],
  option_invalid: [
    // @ts-expect-error: a profile without the AWS packages
    () => keyBedrock({ ...here, profile }),
    // @ts-expect-error: an option in its name of `bedrock()`
    () => new BedrockOpenAI({ ...there, profile }),
    // @ts-expect-error: an endpoint that there is not
    () => bedrock({ ...here, apiKey, endpoint: "agent" }),
    // @ts-expect-error: a key in place of a callback
    () => bedrock({ ...here, tokenProvider: apiKey }),
  ],
};

const variables: { readonly [name: string]: string | undefined } = {};
const pair = { accessKeyId: variables["ID"], secretAccessKey: variables["SECRET"] };

/** Combinations that are valid, although they may not look like it. */
export const ACCEPTED: Attempts = [
  () => bedrock({ ...here, apiKey: null, ...keys, sessionToken }),
  () => bedrock({ ...here, apiKey: null, profile }),
  () => bedrock({ ...here, apiKey: null, tokenProvider }),
  () => bedrock({ ...here, apiKey: undefined, credentialProvider, profile: undefined }),
  () => bedrock({ ...here, ...pair, sessionToken: undefined }),
  () => keyBedrock({ ...here, apiKey, profile: undefined }),
  () => mintKey({ ...here, ...keys, credentialProvider: undefined }),
  () => new BedrockOpenAI({ ...there, apiKey: null, ...awsKeys }),
  () => new BedrockOpenAI({ ...there, apiKey }).withOptions({ ...awsKeys, awsProfile: undefined }),
];
