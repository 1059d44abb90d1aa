#!/usr/bin/env bash
# @aws-sdk/credential-provider-node 3.972.97 (2026-11): the one second that its container provider is
# documented to wait for a response is no limit. A response that comes after 1.5 seconds is taken, in
# one request; all that happens after a second is a warning of the HTTP handler. Whoever counts on the
# next attempt, or on a failure in time, waits as long as the agent does.
#
# Seen with Node 20.20 and 24.21: "credentials after one request, and a warning".
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
npm init -y >/dev/null
npm install --silent --no-audit --no-fund @aws-sdk/credential-provider-node@3.972.97 >/dev/null 2>&1
cat >main.mjs <<'JS'
import { createServer } from "node:http";
import { defaultProvider } from "@aws-sdk/credential-provider-node";

for (const name of Object.keys(process.env)) if (name.startsWith("AWS_")) delete process.env[name];
const credentials = { AccessKeyId: "ASIAEXAMPLE", SecretAccessKey: "secret", Token: "token", Expiration: "2099-01-01T00:00:00Z" };
let requests = 0;
const agent = createServer((_, response) => {
  requests++;
  setTimeout(() => response.end(JSON.stringify(credentials)), 1_500);
}).listen(0, "127.0.0.1");
await new Promise((resolve) => agent.once("listening", resolve));
process.env.HOME = process.cwd();
process.env.AWS_CONTAINER_CREDENTIALS_FULL_URI = `http://127.0.0.1:${agent.address().port}/`;
const warnings = [];
for (const level of ["warn", "log", "info", "error"]) console[level] = (text) => warnings.push(`${text}`);
const found = await defaultProvider({})();
const warned = warnings.some((text) => text.includes("requestTimeout"));
process.stdout.write(`${found.accessKeyId} after ${requests} request, ${warned ? "and a warning" : "no warning"}\n`);
process.exit(0);
JS
seen=$(node --no-warnings main.mjs)
echo "$seen"
[ "$seen" = "ASIAEXAMPLE after 1 request, and a warning" ]
