#!/usr/bin/env bash
# @aws-sdk/credential-provider-node 3.972.97 (2026-11): a profile that AWS_PROFILE names does not have
# to exist, and its process does not have to succeed. The chain goes on, and the role of the container
# signs instead, without a word. The SDKs for Python and Go end with an error there.
#
# Seen with Node 20.20 and 24.21: "absent: ASIACONTAINER" and "failing: ASIACONTAINER".
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
npm init -y >/dev/null
npm install --silent --no-audit --no-fund @aws-sdk/credential-provider-node@3.972.97 >/dev/null 2>&1
printf '[profile failing]\ncredential_process = exit 1\n' >config
cat >main.mjs <<'JS'
import { createServer } from "node:http";
import { defaultProvider } from "@aws-sdk/credential-provider-node";

for (const name of Object.keys(process.env)) if (name.startsWith("AWS_")) delete process.env[name];
const credentials = { AccessKeyId: "ASIACONTAINER", SecretAccessKey: "secret", Token: "token", Expiration: "2099-01-01T00:00:00Z" };
const agent = createServer((_, response) => response.end(JSON.stringify(credentials))).listen(0, "127.0.0.1");
await new Promise((resolve) => agent.once("listening", resolve));
Object.assign(process.env, {
  HOME: process.cwd(),
  AWS_CONFIG_FILE: "config",
  AWS_CONTAINER_CREDENTIALS_FULL_URI: `http://127.0.0.1:${agent.address().port}/`,
});
for (const name of ["absent", "failing"]) {
  process.env.AWS_PROFILE = name;
  console.log(`${name}: ${(await defaultProvider({})()).accessKeyId}`);
}
process.exit(0);
JS
seen=$(node --no-warnings main.mjs)
echo "$seen"
[ "$seen" = $'absent: ASIACONTAINER\nfailing: ASIACONTAINER' ]
