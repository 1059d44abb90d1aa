/** @ts-ignore: where the client is not installed, its types are not missed */
import type { ClientOptions } from "openai";
import { type CredentialChain, planAuth } from "./auth.ts";
import type { AuthOptions } from "./auth_options.ts";
import { type EndpointOptions, resolveEndpoint } from "./endpoint.ts";
import { environment } from "./environment.ts";
import type { Environment } from "./environment.ts";
import type { Explanation } from "./explain.ts";
import { createFetch, type Fetch } from "./fetch.ts";
import { inOwnRegion } from "./keys/own_region.ts";
import { registerProvider } from "./provider.ts";
import { type Authenticator, createAuthenticator } from "./request.ts";
import { takenOptions } from "./options.ts";
import { assertRuntimeOptions, ownRoutes, type RuntimeOptions } from "./runtime_options.ts";
import { REAL_WORLD, type World } from "./world.ts";

/**
 * What the `provider` option of the OpenAI client takes, in the version that types are read from; any
 * object, where that has no such option or is not installed.
 */
export type OpenAIProvider = ProviderOf<ClientOptions>;

/**
 * The provider that options of a client take; any object where they take none.
 *
 * @typeParam Options The options of the client.
 */
export type ProviderOf<Options> = Options extends { provider?: infer Provider }
  ? unknown extends Provider ? object : NonNullable<Provider>
  : object;

/**
 * A configured way to Bedrock.
 *
 * It is a provider, `new OpenAI({ provider: bedrock() })`; it is also the client options to set,
 * `new OpenAI(bedrock())`, which installs its `fetch` besides; and `url` and `fetch` serve any
 * other client.
 *
 * @typeParam Provider The provider type of the client at hand, inferred where it is used: each copy
 * of the OpenAI package brands its own.
 */
export type Bedrock<Provider = OpenAIProvider> = Provider & {
  /** The provider alone. */
  readonly provider: Provider;
  /**
   * A `fetch` that authenticates every request below `url`, and refuses all others.
   *
   * An `Authorization` header that the caller has set, such as a placeholder key, is replaced. On a
   * root that was derived, a request goes to the path prefix that serves its model. A refused
   * credential is replaced once, and failures are explained after what the service said.
   *
   * What it refuses itself is an answer in OpenAI's envelope, with the code of a `BedrockError`:
   * the OpenAI client would repeat what is thrown. Redirects are never followed.
   */
  readonly fetch: Fetch;
  /** The base URL, without a trailing slash. */
  readonly url: string;
  /**
   * Tells what was decided and why, without a secret.
   *
   * It looks the credential up as a request would, and makes no request of the model.
   */
  readonly explain: () => Promise<Explanation>;
};

/** What the AWS tools have set up; only `aws.ts` can look there. */
export interface AwsSetup {
  readonly chain: CredentialChain;
  readonly profileRegion: (profile: string | undefined, env: Environment) => string | undefined;
}

/** All that may be set. */
type Options = AuthOptions & EndpointOptions & RuntimeOptions;

const NAMES: Readonly<Record<keyof Options, true>> = {
  endpoint: true,
  region: true,
  baseURL: true,
  allowInsecureHttp: true,
  apiKey: true,
  tokenProvider: true,
  accessKeyId: true,
  secretAccessKey: true,
  sessionToken: true,
  credentialProvider: true,
  profile: true,
  env: true,
  fetch: true,
  routes: true,
  bufferLimit: true,
  unsignedPayload: true,
  idleTimeoutMs: true,
};

/** Decides where and how, once, and wires the ways to send together. */
export function createBedrock<Provider = OpenAIProvider>(
  given: Options,
  aws?: AwsSetup,
  world: World = REAL_WORLD,
  adapted: (authenticator: Authenticator) => Authenticator = (plain) => plain,
): Bedrock<Provider> {
  const options = takenOptions(given, NAMES, "`bedrock()`");
  assertRuntimeOptions(options);
  const routes = ownRoutes(options.routes);
  const env = environment(options.env);
  const planned = planAuth(options, env, aws?.chain);
  const endpoint = resolveEndpoint(options, env, {
    sigv4: planned.mode === "sigv4",
    profileRegion: aws && (() => aws.profileRegion(options.profile?.trim(), env)),
  });
  const plan = inOwnRegion(planned, endpoint);
  const authenticator = adapted(createAuthenticator(endpoint, plan, world, options));
  const { fetch: send, idleTimeoutMs } = options;

  const handle = Object.freeze({});
  const fetch = createFetch({ endpoint, authenticator, routes, send, idleTimeoutMs });
  const bedrock = { provider: handle, fetch };
  Object.defineProperties(bedrock, {
    url: { value: endpoint.baseURL },
    explain: {
      value: async () => (await import("./explain.ts")).explain(endpoint, plan, env, world),
    },
  });
  registerProvider([handle, bedrock], endpoint.baseURL, authenticator);
  return Object.freeze(bedrock) as unknown as Bedrock<Provider>;
}
