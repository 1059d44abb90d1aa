/**
 * Where the examples of the documents run: loaded before each, it puts local servers in the place of
 * AWS. Nothing is left of the user's account, and no other host can be reached.
 *
 * @module
 */
import process from "node:process";
import { fileURLToPath } from "node:url";
import { EXAMPLE_BEARER_TOKEN, EXAMPLE_CREDENTIALS, mantle } from "../conformance/mantle/mod.ts";

const profiles = fileURLToPath(new URL("example_profiles.ini", import.meta.url));

for (const name of Object.keys(process.env)) {
  if (/^(?:AWS|OPENAI)_|_proxy$/i.test(name)) delete process.env[name];
}
Object.assign(process.env, {
  AWS_REGION: "us-west-2",
  AWS_ACCESS_KEY_ID: EXAMPLE_CREDENTIALS.accessKeyId,
  AWS_SECRET_ACCESS_KEY: EXAMPLE_CREDENTIALS.secretAccessKey,
  AWS_SHARED_CREDENTIALS_FILE: profiles,
  AWS_CONFIG_FILE: profiles,
});

type Handler = ReturnType<typeof mantle>;
const services = new Map<string, Handler>();

/** The service that a host of AWS stands for, canonical or of a VPC endpoint. */
function serviceAt({ hostname }: URL): Handler | undefined {
  const [, name, region] = /\bbedrock-(mantle|runtime)\.([a-z0-9-]+)\./.exec(hostname) ?? [];
  if (!name || !region) return undefined;
  const known = services.get(`${name} ${region}`);
  const service = known ?? mantle({
    endpoint: name === "runtime" ? "runtime" : "mantle",
    region,
    bearerTokens: [EXAMPLE_BEARER_TOKEN, "bedrock-api-key-example"],
  });
  services.set(`${name} ${region}`, service);
  return service;
}

const overNetwork = globalThis.fetch;

globalThis.fetch = async (input, init) => {
  const request = new Request(input, init);
  const url = new URL(request.url);
  if (url.hostname === "127.0.0.1") return await overNetwork(request);
  const service = serviceAt(url);
  if (!service) throw new TypeError(`No example may reach ${url.host}`);
  return await service(request);
};
