import assert from "node:assert/strict";
import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { inspect } from "node:util";
import OpenAI from "openai";
import { bedrock, type BedrockProviderOptions } from "../../aws.ts";
import type { ObservedRequest, TemporaryCredentials } from "../../conformance/aws/mod.ts";
import type { KnownCredential, ReceivedRequest } from "../../conformance/mantle/mod.ts";
import { mantle } from "../../conformance/mantle/mod.ts";
import { serve } from "../../conformance/mantle/serve.ts";
import type { Handler, Server } from "../../conformance/mantle/serve.ts";
import { rejects, SECRET } from "./refusal.ts";
import { withVariables } from "./variables.ts";

/** Variables of a process; an undefined one is absent. */
export type Variables = Readonly<Record<string, string | undefined>>;

/** Collects the requests to an endpoint that is given `observe`. */
export function observer() {
  const asked: ObservedRequest[] = [];
  return { asked, observe: (each: ObservedRequest) => void asked.push(each) };
}

/** A home folder, endpoints and variables of their own, with nothing of the real machine. */
export interface Machine {
  readonly home: string;
  /** Writes a file below the home and returns its path. */
  write(path: string, text: string): Promise<string>;
  /** Serves an endpoint and returns its origin. */
  serve(handler: Handler): Promise<string>;
  /** Serves the local Mantle for one credential and returns its base URL. */
  serveMantle(
    only: KnownCredential,
    observe?: (received: ReceivedRequest) => void,
  ): Promise<string>;
  /** Returns the variables that lead to this machine, and no others of AWS. */
  variables(more?: Variables): Variables;
  /**
   * Asserts that `bedrock()` signs with these credentials, which alone the local Mantle lets
   * in.
   */
  signsAs(
    expected: KnownCredential,
    more?: Variables,
    options?: BedrockProviderOptions,
  ): Promise<void>;
  /** Asserts that `bedrock()` finds no credentials, and tells and prints no secret. */
  findsNone(more: Variables, ...words: string[]): Promise<void>;
}

/** Runs a test on a machine of its own, of which nothing is left. */
export async function onMachine(run: (machine: Machine) => Promise<void>): Promise<void> {
  const home = await mkdtemp(join(tmpdir(), "bedrock-"));
  const servers: Server[] = [];
  try {
    await run(machine(home, servers));
  } finally {
    await Promise.all(servers.map((server) => server.close()));
    await rm(home, { recursive: true, force: true });
  }
}

/** Credentials that end, told apart by a name. */
export function temporary(name: string): TemporaryCredentials {
  return {
    accessKeyId: `ASIA${name.toUpperCase()}`,
    secretAccessKey: `${SECRET}/${name}`,
    sessionToken: `${SECRET}//${name}+==`,
  };
}

/** Credentials that do not end, as a user has them. */
export const USER_KEYS = { accessKeyId: "AKIAUSER", secretAccessKey: `${SECRET}/user` };

/** Formats a section of an AWS file. */
export function section(name: string, settings: Readonly<Record<string, string>>): string {
  const lines = Object.entries(settings).map(([key, value]) => `${key} = ${value}\n`);
  return `[${name}]\n${lines.join("")}\n`;
}

/** Keys as settings of a profile. */
export function keySettings(keys: KnownCredential): Record<string, string> {
  const { accessKeyId, secretAccessKey, sessionToken } = keys;
  return {
    aws_access_key_id: accessKeyId,
    aws_secret_access_key: secretAccessKey,
    ...(sessionToken !== undefined && { aws_session_token: sessionToken }),
  };
}

/** Keys as variables. */
export function keyVariables(keys: KnownCredential): Record<string, string> {
  const settings = Object.entries(keySettings(keys));
  return Object.fromEntries(settings.map(([name, value]) => [name.toUpperCase(), value]));
}

function machine(home: string, servers: Server[]): Machine {
  const start = async (handler: Handler) => {
    const server = await serve(handler);
    servers.push(server);
    return server.url;
  };
  const serveMantle: Machine["serveMantle"] = async (only, observe = () => {}) => {
    const options = { region: "us-west-2", credentials: [only], bearerTokens: [], observe };
    return `${await start(mantle(options))}/openai/v1`;
  };
  const variables = (more: Variables = {}) => {
    const foreign = Object.keys(process.env).filter((name) => name.startsWith("AWS_"));
    return {
      ...Object.fromEntries(foreign.map((name) => [name, undefined])),
      HOME: home,
      AWS_EC2_METADATA_DISABLED: "true",
      ...more,
    };
  };
  return {
    home,
    serve: start,
    serveMantle,
    variables,
    async write(path, text) {
      await mkdir(dirname(join(home, path)), { recursive: true });
      await writeFile(join(home, path), text);
      return join(home, path);
    },
    async signsAs(expected, more, options) {
      const received: ReceivedRequest[] = [];
      const baseURL = await serveMantle(expected, (request) => void received.push(request));
      await withVariables(variables(more), async () => {
        const provider = bedrock({ region: "us-west-2", endpoint: "mantle", baseURL, ...options });
        const client = new OpenAI({ provider, maxRetries: 0 });
        const { output_text } = await client.responses.create({
          model: "openai.gpt-5.4",
          input: "Say hello!",
        });
        assert.match(output_text, /Say hello!/);
      });
      assert.deepEqual(received.map(({ auth }) => auth), ["sigv4"]);
      const token = received[0]?.headers.get("x-amz-security-token") ?? undefined;
      assert.equal(token, expected.sessionToken);
    },
    async findsNone(more, ...words) {
      await withVariables(variables(more), async () => {
        const { url, fetch } = bedrock({ region: "us-west-2", fetch: unreachable });
        const printed = await whatIsPrinted(() =>
          rejects(fetch(url), "credentials_failed", ...words)
        );
        assert.ok(!printed.includes(SECRET), `a secret is printed: ${printed}`);
      });
    },
  };
}

async function whatIsPrinted(run: () => Promise<void>): Promise<string> {
  const before = { ...console };
  const printed: string[] = [];
  const print = (...values: unknown[]) => void printed.push(inspect(values, { depth: 9 }));
  Object.assign(console, { debug: print, log: print, info: print, warn: print, error: print });
  try {
    await run();
  } finally {
    Object.assign(console, before);
  }
  return printed.join("\n");
}

const unreachable = () => Promise.reject(new Error("Sent without credentials"));
