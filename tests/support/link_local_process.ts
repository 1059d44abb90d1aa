/**
 * A program that says hello through `bedrock()`, on a machine where the address of the ECS agent is
 * another one: what is sent to 169.254.170.2 goes to the origin that the first argument names.
 *
 * The address is fixed in AWS's packages and cannot be had without privileges.
 */
import http from "node:http";
import process from "node:process";
import OpenAI from "openai";
import { bedrock } from "../../aws.ts";

const [agent = "", baseURL = ""] = process.argv.slice(2);
const { hostname, port } = new URL(agent);
const { request } = http;

const rerouted = (
  options: http.RequestOptions,
  answered?: (answer: http.IncomingMessage) => void,
) =>
  [options.host, options.hostname].includes("169.254.170.2")
    ? request({ ...options, host: hostname, hostname, port }, answered)
    : request(options, answered);

// AWS's packages take the function from here when they first send, which is after this
Object.assign(http, { request: rerouted });

const provider = bedrock({ region: "us-west-2", endpoint: "mantle", baseURL });
const client = new OpenAI({ provider, maxRetries: 0 });
const response = await client.responses.create({ model: "openai.gpt-5.4", input: "Say hello!" });
console.log(response.output_text);
