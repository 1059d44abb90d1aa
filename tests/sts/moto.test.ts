import { test } from "node:test";
import { findMoto, withMoto } from "../../tools/judges/moto.ts";
import { judge } from "../../tools/judges/sts_claims.ts";

/** A sample; `deno task judges` installs moto and tries all. */
const SAMPLE = [
  "a role is assumed with a duration and the external id of its trust policy",
  "a wrong secret, an unknown key and a user without a policy are refused",
];

test("moto's server, with its checks on, takes what is signed here and refuses what is wrong", async (t) => {
  const path = findMoto();
  if (path === undefined) {
    return t.skip("moto is not installed; npx -y deno task judges installs it and tries more");
  }
  await withMoto(path, async (moto) => {
    for (const claim of SAMPLE) await judge(claim, moto);
  });
});
