/**
 * Serves a page that calls Bedrock itself, and mints the short-term keys that it does so with.
 *
 * Set AWS_REGION and AWS credentials, or a short-term key as AWS_BEARER_TOKEN_BEDROCK. Build the
 * page, and open what the server prints:
 * `npx esbuild page.ts --bundle --format=esm --outfile=page.js && node server.ts page.js`.
 */
import { readFile } from "node:fs/promises";
import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import process from "node:process";
import { pageKey } from "./key.ts";

const [, , script = "page.js"] = process.argv;
const page = `<!doctype html><title>Bedrock</title><p id="answer"></p>
<script type="module" src="/page.js"></script>`;

async function answer({ method, url }: IncomingMessage, response: ServerResponse): Promise<void> {
  const send = (type: string, body: string) =>
    response.writeHead(200, { "content-type": type, "cache-control": "no-store" }).end(body);
  if (url === "/") send("text/html; charset=utf-8", page);
  else if (url === "/page.js") send("text/javascript", await readFile(script, "utf8"));
  // Ask here who it is: whoever has the key can spend with it. POST keeps it from other sites' tags
  else if (url === "/key" && method === "POST") {
    send("application/json", JSON.stringify(await pageKey()));
  } else response.writeHead(404).end();
}

const server = createServer((request, response) => {
  answer(request, response).catch((error: Error) => {
    console.error(error.message);
    response.writeHead(500).end("The server has no key for this page, and says why where it runs");
  });
});

server.listen(Number(process.env.PORT ?? 8787), "127.0.0.1", () => {
  const address = server.address();
  if (address && typeof address === "object") console.log(`Open http://127.0.0.1:${address.port}/`);
});
