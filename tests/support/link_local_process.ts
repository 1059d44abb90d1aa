/**
 * A program that says hello through `bedrock()`, on a machine where the address of the ECS agent is
 * another one: what is sent to 169.254.170.2 goes to the origin that the first argument names.
 *
 * The address is fixed and cannot be had without privileges.
 */
import process from "node:process";
import OpenAI from "openai";
import { bedrock } from "../../aws.ts";

const [agent = "", baseURL = ""] = process.argv.slice(2);
const { fetch } = globalThis;
globalThis.fetch = (input, init) =>
  fetch(`${input}`.replace(/^http:\/\/169\.254\.170\.2(?=\/)/, agent), init);

const provider = bedrock({ region: "us-west-2", endpoint: "mantle", baseURL, fetch });
const client = new OpenAI({ provider, maxRetries: 0 });
const response = await client.responses.create({ model: "openai.gpt-5.4", input: "Say hello!" });
console.log(response.output_text);
