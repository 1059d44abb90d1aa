#!/usr/bin/env bash
# @aws-sdk/credential-provider-node 3.972.97 (2026-11): the line end at the end of a web identity token
# file is sent to STS as a part of the token (WebIdentityToken=...%0A), where a token with it is not a
# JWT. `echo "$TOKEN" > file` is enough; Kubernetes writes its own token files without one.
#
# Seen with Node 20.20 and 24.21: "WebIdentityToken=eyJ.e30.c2ln%0A".
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
npm init -y >/dev/null
npm install --silent --no-audit --no-fund @aws-sdk/credential-provider-node@3.972.97 >/dev/null 2>&1
echo eyJ.e30.c2ln >token
cat >main.mjs <<'JS'
import { createServer } from "node:http";
import { defaultProvider } from "@aws-sdk/credential-provider-node";

for (const name of Object.keys(process.env)) if (name.startsWith("AWS_")) delete process.env[name];
let body = "";
const sts = createServer((request, response) => {
  request.on("data", (data) => body += data).on("end", () => response.writeHead(403).end());
}).listen(0, "127.0.0.1");
await new Promise((resolve) => sts.once("listening", resolve));
Object.assign(process.env, {
  HOME: process.cwd(),
  AWS_REGION: "us-west-2",
  AWS_ENDPOINT_URL_STS: `http://127.0.0.1:${sts.address().port}`,
  AWS_ROLE_ARN: "arn:aws:iam::123456789012:role/example",
  AWS_WEB_IDENTITY_TOKEN_FILE: "token",
});
await defaultProvider({})().catch(() => {});
console.log(body.split("&").find((each) => each.startsWith("WebIdentityToken=")));
process.exit(0);
JS
seen=$(node --no-warnings main.mjs)
echo "$seen"
[ "$seen" = "WebIdentityToken=eyJ.e30.c2ln%0A" ]
