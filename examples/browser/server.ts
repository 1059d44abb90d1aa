/**
 * Serves a page that calls Bedrock itself, and mints short-term keys for it.
 *
 * Set AWS_REGION and AWS credentials, or a short-term key as AWS_BEARER_TOKEN_BEDROCK. Build the
 * page, start the server, and open the link that it prints, which works once:
 * `npx esbuild page.ts --bundle --format=esm --outfile=page.js && node server.ts page.js`.
 */
import { randomBytes } from "node:crypto";
import { readFile } from "node:fs/promises";
import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import process from "node:process";
import { createPageKey } from "./key.ts";

const [, , script = "page.js"] = process.argv;
const page = `<!doctype html><title>Bedrock</title><p id="answer"></p>
<script type="module" src="page.js"></script>`;

const random = () => randomBytes(32).toString("base64url");
const tokens = new Set([random()]);
const sessions = new Set<string>();
// Browsers send cookies to every port of a host. No other server on this machine knows this path
const home = `/${random()}/`;
let origin = "";

/** Checks that a request has this server's own host, and is from its page or the address bar. */
function isOwn({ headers }: IncomingMessage): boolean {
  const site = headers["sec-fetch-site"] ?? "none";
  return `http://${headers.host}` === origin && (headers.origin ?? origin) === origin &&
    (site === "same-origin" || site === "none");
}

async function handle(request: IncomingMessage, response: ServerResponse): Promise<unknown> {
  const { method, url = "", headers } = request;
  const send = (status: number, type: string, body: string) =>
    response.writeHead(status, { "content-type": type, "cache-control": "no-store" }).end(body);
  const refuse = (status: number, why: string) => send(status, "text/plain; charset=utf-8", why);
  if (!isOwn(request)) return refuse(403, "Open the page itself: no other site may use it");

  if (method === "GET" && tokens.delete(/^\/\?token=([\w-]+)$/.exec(url)?.[1] ?? "")) {
    const session = random();
    sessions.add(session);
    const cookie = `session=${session}; HttpOnly; SameSite=Strict; Path=${home}`;
    return response.writeHead(303, { location: home, "set-cookie": cookie }).end();
  }
  // Check the login here if the server has users: whoever gets a key can spend your money
  const [, session = ""] = /(?:^|; )session=([\w-]+)/.exec(headers.cookie ?? "") ?? [];
  if (!sessions.has(session)) return refuse(401, "Restart the server, and open the link it prints");

  if (url === home) send(200, "text/html; charset=utf-8", page);
  else if (url === `${home}page.js`) send(200, "text/javascript", await readFile(script, "utf8"));
  else if (url === `${home}key` && method === "POST") {
    send(200, "application/json", JSON.stringify(await createPageKey()));
  } else refuse(404, "Not found");
}

const server = createServer((request, response) => {
  handle(request, response).catch((error: Error) => {
    console.error(error.message);
    response.writeHead(500).end("The server has no key for this page; its own output says why");
  });
});

server.listen(Number(process.env.PORT ?? 8787), "127.0.0.1", () => {
  ({ origin } = new URL(`http://127.0.0.1:${(server.address() as AddressInfo).port}`));
  for (const token of tokens) console.log(`Open ${origin}/?token=${token}`);
});
