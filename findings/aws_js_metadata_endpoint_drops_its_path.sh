#!/usr/bin/env bash
# @aws-sdk/credential-provider-node 3.972.97 (2026-11): of AWS_EC2_METADATA_SERVICE_ENDPOINT only host and
# port count. With http://host:port/prefix, as a proxy in front of several metadata services has it,
# requests go to /latest/... and not to /prefix/latest/...
#
# Seen with Node 20.20 and 24.21: "/latest/api/token".
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
const paths = [];
const service = createServer((request, response) => {
  paths.push(request.url);
  response.writeHead(404).end();
}).listen(0, "127.0.0.1");
await new Promise((resolve) => service.once("listening", resolve));
process.env.HOME = process.cwd();
process.env.AWS_EC2_METADATA_SERVICE_ENDPOINT = `http://127.0.0.1:${service.address().port}/prefix`;
await defaultProvider({})().catch(() => {});
console.log(paths[0]);
process.exit(0);
JS
seen=$(node --no-warnings main.mjs)
echo "$seen"
[ "$seen" = "/latest/api/token" ]
