/** @ts-ignore: the client is optional, and so are its types */
import type { ClientOptions } from "openai";
import { createAuthenticator } from "./auth/authenticator.ts";
import { bearerScheme } from "./auth/bearer.ts";
import { type AwsSetup, planAuth } from "./auth/plan.ts";
import { sigv4Scheme } from "./auth/sigv4.ts";
import { resolveEndpoint } from "./endpoint/endpoint.ts";
import { BedrockError, type OptionNames, renameOptions } from "./errors.ts";
import { createFetch } from "./fetch.ts";
import type { Explanation } from "./inspect.ts";
import {
  type BedrockOptions,
  copyRoutes,
  type Fetch,
  OPTION_NAMES,
  validateOptions,
} from "./options.ts";
import { readEnvironment } from "./platform/environment.ts";
import { type AdjustableClock, PLATFORM, type Platform } from "./platform/platform.ts";
import { defineHidden, readOptions } from "./platform/read_options.ts";
import { registerProvider } from "./provider.ts";

/**
 * The type of the `provider` option of the installed OpenAI client; any object if it has no such
 * option or is not installed.
 */
export type OpenAIProvider = ProviderOf<ClientOptions>;

/**
 * The type of `provider` in the options of a client; any object if they have none.
 *
 * @typeParam Options The options of the client.
 */
export type ProviderOf<Options> = Options extends { provider?: infer Provider }
  ? unknown extends Provider ? object : NonNullable<Provider>
  : object;

/**
 * A configured connection to Bedrock.
 *
 * Use it as client options, `new OpenAI(bedrock())`, which also installs its `fetch`; as a
 * provider, `new OpenAI({ provider: bedrock() })`; or take `url` and `fetch` for any other client.
 *
 * @typeParam Provider The provider type of your client, inferred where it is used: each copy of the
 * OpenAI package brands its own.
 */
export type Bedrock<Provider = OpenAIProvider> = Provider & {
  /** The provider alone. */
  readonly provider: Provider;
  /**
   * A `fetch` that authenticates every request to the origin of `url`, and refuses all others.
   *
   * It replaces the caller's `Authorization` header, such as a placeholder key. On a derived root,
   * it sends each request to the path prefix that serves its model. It replaces a refused
   * credential once, and adds advice to error messages.
   *
   * It returns its own errors as responses in OpenAI's format, with the code of a `BedrockError`:
   * the OpenAI client would retry thrown errors. It never follows redirects.
   */
  readonly fetch: Fetch;
  /** The base URL, without a trailing slash. */
  readonly url: string;
  /**
   * Reports what was decided and why, without secrets.
   *
   * It looks up the credential as a request would, but sends no request to a model.
   */
  readonly explain: () => Promise<Explanation>;
};

/** The dependencies of `bedrock()` that differ between entries and in tests. */
export interface Surroundings {
  /** The AWS chain and profiles; absent in `mod.ts`. */
  readonly aws: AwsSetup | undefined;
  readonly platform: Platform;
  /** The option names to use in error messages. */
  readonly names: OptionNames;
}

const SURROUNDINGS: Surroundings = { aws: undefined, platform: PLATFORM, names: {} };

/** Decides once where requests go and how they are authenticated, and connects the parts. */
export function createBedrock<Provider = OpenAIProvider>(
  given: BedrockOptions,
  surroundings: Partial<Surroundings> = {},
): Bedrock<Provider> {
  const { aws, platform, names } = { ...SURROUNDINGS, ...surroundings };
  try {
    return assemble(given, aws, platform, names);
  } catch (error) {
    throw error instanceof BedrockError ? renameOptions(error, names) : error;
  }
}

function assemble<Provider>(
  given: BedrockOptions,
  aws: AwsSetup | undefined,
  platform: Platform,
  names: OptionNames,
): Bedrock<Provider> {
  const example = '{ region: "us-west-2" }';
  const options = readOptions(given, OPTION_NAMES, "`bedrock()`", example);
  validateOptions(options);
  const routes = copyRoutes(options.routes);
  const env = readEnvironment(options.env);
  const plan = planAuth(options, env, aws?.chain);
  const endpoint = resolveEndpoint(options, env, {
    isSigned: plan.mode === "sigv4",
    profileRegion: aws && (() => aws.profileRegion(options.profile?.trim(), env)),
    regionAdvice: aws?.regionAdvice,
  });
  const { baseURL } = endpoint;
  const clock: AdjustableClock = { machine: platform.now, offset: 0 };
  const parts = { baseURL, platform, clock, names };
  const authenticator = plan.mode === "bearer"
    ? createAuthenticator(bearerScheme(plan, endpoint), parts)
    : createAuthenticator(sigv4Scheme(plan, endpoint, platform, clock, options), parts);
  const { fetch: send, idleTimeoutMs } = options;

  const handle = Object.freeze({});
  const fetch = createFetch({ endpoint, authenticator, routes, fetch: send, idleTimeoutMs });
  const bedrock = { provider: handle, fetch };
  const explain = async () =>
    (await import("./inspect.ts")).inspect({ endpoint, plan, authenticator, env });
  defineHidden(bedrock, { url: baseURL, explain });
  registerProvider([handle, bedrock], baseURL, authenticator);
  return Object.freeze(bedrock) as unknown as Bedrock<Provider>;
}
