/** A program that is bundled and only has a token. */
import { bedrock } from "@mantle/bedrock";

const own = bedrock({
  region: "us-west-2",
  apiKey: "key",
  fetch: async (url, init) => Response.json([url, new Headers(init.headers).get("authorization")]),
});
const response = await own.fetch(`${own.url}/files`);
console.log((await response.json()).join(" "));
