/**
 * A program that assumes a role with a token out of a file, and prints what became of it; the arguments
 * are the URL of STS, the role and the path.
 */
import { tokenFile, webIdentity } from "../../sts.ts";

const { args } = (globalThis as unknown as { Deno: { args: string[] } }).Deno;
const [stsEndpoint = "", roleArn = "", path = ""] = args;

const provide = webIdentity({ roleArn, token: tokenFile({ path }), stsEndpoint });
await provide().then(
  ({ accessKeyId }) => console.log(accessKeyId),
  (error) => console.log(`${error.code}: ${error.message}`),
);
