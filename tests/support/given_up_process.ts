/** A program that gives up a lookup which never ends, and then has nothing more to do. */
import { createBedrock } from "../../src/bedrock.ts";
import { cacheUntilExpiry } from "../../src/auth/credential_cache.ts";

const chain = () => cacheUntilExpiry(() => new Promise<never>(() => {}));
const { url, fetch } = createBedrock(
  { region: "us-west-2", env: {} },
  { aws: { chain, profileRegion: () => undefined, regionAdvice: "" } },
);
const abort = new AbortController();
setTimeout(() => abort.abort(), 20);
await fetch(url, { signal: abort.signal }).catch((error) => console.log(error.name));
