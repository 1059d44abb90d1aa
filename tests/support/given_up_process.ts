/** A program that gives up a lookup which never ends, and then has nothing more to do. */
import { createBedrock } from "../../src/bedrock.ts";
import { reuseUntilExpiry } from "../../src/credential_reuse.ts";

const chain = () => reuseUntilExpiry(() => new Promise<never>(() => {}));
const { url, fetch } = createBedrock(
  { region: "us-west-2", env: {} },
  { chain, profileRegion: () => undefined },
);
const abort = new AbortController();
setTimeout(() => abort.abort(), 20);
await fetch(url, { signal: abort.signal }).catch((error) => console.log(error.name));
