import { defaultProvider } from "@aws-sdk/credential-provider-node";
import { credentialChain } from "../../src/aws/chain.ts";
import { readEnvironment } from "../../src/platform/environment.ts";
import { RETRYING_PLATFORM } from "../../src/platform/retrying_platform.ts";
import { outcomeOf } from "../properties/outcome.ts";
import { quietly } from "../properties/views.ts";
import { type Machine, onMachine, type Variables } from "./machine.ts";
import { withRoute } from "./routes.ts";
import { withVariables } from "./variables.ts";

/** What a request to an endpoint is for. */
export type Operation = "token" | "roles" | "credentials" | "container" | "sts";

/** What an endpoint returns. */
export interface Reply {
  readonly status: number;
  readonly body?: string;
  readonly headers?: Readonly<Record<string, string>>;
  /** Comes after this time. */
  readonly afterMs?: number;
  /** Never comes. */
  readonly isSilent?: boolean;
}

/** A machine with credentials; in its texts, `{home}` is its folder and `{url}` and `{host}` its endpoint. */
export interface SetUp {
  /** Files by their paths below the home. */
  readonly files?: Readonly<Record<string, string>>;
  readonly variables?: Variables;
  /** The profile that is passed as an option. */
  readonly profile?: string;
  /** The region of the client that asks. */
  readonly region?: string | undefined;
  /** The replies of the endpoint to requests of a kind, in their order; the last one stays. */
  readonly replies?: Readonly<Partial<Record<Operation, readonly Reply[]>>>;
}

/** What was sent, as far as credentials depend on it. */
export type Sent = Readonly<Record<string, unknown>>;

/** What came of a lookup. */
export interface Lookup {
  readonly found: object | "nothing";
  readonly sent: readonly Sent[];
  readonly ms: number;
  /** What was thrown. */
  readonly thrown?: unknown;
  /** How long it was to wait between attempts, in milliseconds; only ours can be asked. */
  readonly waits: readonly number[];
}

interface Identity {
  readonly accessKeyId: string;
  readonly secretAccessKey: string;
  readonly sessionToken?: string | undefined;
  readonly expiration?: Date | undefined;
}

/** Looks credentials up on a machine, by this module and by AWS's package, one after the other. */
export async function lookUpBoth(setUp: SetUp): Promise<{ ours: Lookup; theirs: Lookup }> {
  const theirs = await lookUp(setUp, async () => {
    const { profile, region } = setUp;
    const caller = region === undefined
      ? {}
      : { callerClientConfig: { region: async () => region } };
    return await defaultProvider({ ...profile && { profile }, ignoreCache: true, logger: SILENT })(
      caller,
    );
  });
  const waits: number[] = [];
  const sleep = async (ms: number) => void waits.push(ms);
  const chain = credentialChain(setUp.profile, readEnvironment(), { ...RETRYING_PLATFORM, sleep });
  const ours = await lookUp(setUp, () => chain({ region: setUp.region }));
  return { ours: { ...ours, waits }, theirs };
}

const SILENT = { debug() {}, info() {}, warn() {}, error() {} };

async function lookUp(setUp: SetUp, provide: () => Promise<Identity>): Promise<Lookup> {
  const sent: Sent[] = [];
  let lookup: Lookup | undefined;
  await onMachine(async (machine) => {
    const end = Promise.withResolvers<void>();
    const url = await machine.serve(endpoint(setUp, sent, end.promise));
    const fill = (text: string) =>
      text.replaceAll("{home}", machine.home).replaceAll("{url}", url).replaceAll(
        "{host}",
        new URL(url).host,
      );
    for (const [path, text] of Object.entries(setUp.files ?? {})) {
      await machine.write(path, fill(text));
    }
    await withVariables(
      variablesOf(machine, setUp, fill),
      () =>
        quietly(() =>
          withRoute(url, async () => {
            const start = performance.now();
            const outcome = await outcomeOf(provide);
            const ms = performance.now() - start;
            const found = "value" in outcome ? essence(outcome.value) : "nothing" as const;
            lookup = { found, sent: [...sent], ms, waits: [], ...outcome };
          })
        ),
    );
    end.resolve();
  });
  return lookup!;
}

function variablesOf(machine: Machine, { variables = {} }: SetUp, fill: (text: string) => string) {
  const filled = Object.entries(variables).map(([name, value]) => [name, value && fill(value)]);
  return machine.variables(Object.fromEntries(filled));
}

const MINUTE = 60_000;

function essence({ accessKeyId, secretAccessKey, sessionToken, expiration }: Identity): object {
  const left = expiration && (expiration.getTime() - Date.now()) / MINUTE;
  // No other expiration of these set-ups is near
  const isExtended = left !== undefined && left > 4 && left < 11;
  const expires = isExtended ? "extended" : `${expiration?.getTime()}`;
  return { accessKeyId, secretAccessKey, sessionToken, expires };
}

function endpoint({ replies = {} }: SetUp, sent: Sent[], end: Promise<void>) {
  const counts: Partial<Record<Operation, number>> = {};
  return async (request: Request): Promise<Response> => {
    sent.push(await describe(request));
    const operation = operationOf(request);
    const count = counts[operation] = (counts[operation] ?? 0) + 1;
    const planned = replies[operation] ?? [];
    const { status, body, headers = {}, afterMs, isSilent } = planned[count - 1] ??
      planned.at(-1) ?? { status: 404 };
    if (isSilent) await end;
    if (afterMs) await Promise.race([end, new Promise((done) => setTimeout(done, afterMs))]);
    const isBare = [204, 304].includes(status);
    return new Response(isBare ? null : body ?? "", { status, headers });
  };
}

function operationOf({ method, url }: Request): Operation {
  if (method === "POST") return "sts";
  const [, name] = /\/latest\/(api\/token|meta-data\/iam\/security-credentials\/.*)$/.exec(url) ??
    [];
  if (name === undefined) return "container";
  if (name === "api/token") return "token";
  return name.endsWith("/") ? "roles" : "credentials";
}

/** The headers that carry credentials, or lead to them. */
const HEADERS = [
  "authorization",
  "x-aws-ec2-metadata-token",
  "x-aws-ec2-metadata-token-ttl-seconds",
  "x-first-origin",
];

async function describe(request: Request): Promise<Sent> {
  const { pathname, search } = new URL(request.url);
  const headers = HEADERS.map((name) => [name, request.headers.get(name)]);
  const parameters = Object.fromEntries(new URLSearchParams(await request.text()));
  const name = parameters.RoleSessionName;
  return {
    method: request.method,
    url: pathname + search,
    // Bun's `node:http` leaves empty headers out
    ...Object.fromEntries(headers.filter(([, value]) => value)),
    ...(name !== undefined && {
      ...parameters,
      RoleSessionName: name.replace(/^(?:aws-sdk-js-session|mantle-bedrock)-\d{13}$/, "<default>"),
      WebIdentityToken: parameters.WebIdentityToken?.trim(),
    }),
  };
}
