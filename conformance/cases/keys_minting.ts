import type { Case, Context, Subject, SubjectOptions } from "../case.ts";
import { equal, ok } from "../check.ts";
import { atInstant } from "../subjects/clock.ts";
import { GREETING } from "./service/steps.ts";
import { shortTermKey } from "./short_term_key.ts";
import { ask, withToken } from "./steps.ts";
import { TOKEN_GENERATOR } from "./sources.ts";

const INSTANT = Date.UTC(2030, 0, 1, 12);

const accepted: Case = {
  id: "keys/minted-key-accepted",
  title: "A key that was minted from AWS credentials is accepted",
  source: TOKEN_GENERATOR,
  needs: ["respond", "mintKey"],
  mantle: {},
  async run(subject, context) {
    for (const whose of ["credentials", "sessionCredentials"] as const) {
      const apiKey = await minted(subject, context, whose);
      const connection = await subject.connect({ ...withToken(context), apiKey }, context.fetch);
      equal(await ask(connection, { maxRetries: 0 }), GREETING, `Text with a key of ${whose}`);
    }
  },
  negative: mints((mint, options) => mint({ ...options, region: "eu-west-1" })),
};

const asAws: Case = {
  id: "keys/minted-as-aws-does",
  title: "A minted key equals that of AWS's own generator byte for byte, and is valid for 12 hours",
  source: TOKEN_GENERATOR,
  needs: ["mintKey", "clock"],
  async run(subject, context) {
    const { region } = context;
    for (const whose of ["credentials", "sessionCredentials"] as const) {
      const key = await atInstant(INSTANT, () => minted(subject, context, whose));
      const terms = { region, time: INSTANT, expiresInSeconds: 43_200 };
      ok(key === await shortTermKey(context[whose], terms), `The key of ${whose} differs`);
    }
  },
  negative: mints(async (mint, options) => `${await mint(options)}=`),
};

const noNetwork: Case = {
  id: "keys/minting-needs-no-network",
  title: "Minting a key sends nothing",
  source: TOKEN_GENERATOR,
  // "clock" gives the case the process, and so the global `fetch`, to itself
  needs: ["mintKey", "clock"],
  async run(subject, context) {
    const { fetch } = globalThis;
    let calls = 0;
    globalThis.fetch = async () => {
      calls++;
      throw new TypeError("There is no network");
    };
    try {
      await minted(subject, context, "credentials");
    } finally {
      globalThis.fetch = fetch;
    }
    equal(calls, 0, "Requests");
  },
  negative: mints(async (mint, options) => {
    await fetch("https://sts.us-west-2.amazonaws.com/").catch(() => {});
    return await mint(options);
  }),
};

async function minted(
  { mintKey }: Subject,
  { region, ...context }: Context,
  whose: keyof Pick<Context, "credentials" | "sessionCredentials">,
): Promise<string> {
  ok(mintKey, "The subject does not offer `mintKey`");
  return await mintKey({ region, ...context[whose] });
}

type Mint = NonNullable<Subject["mintKey"]>;

/** Changes how a subject mints keys. */
function mints(change: (mint: Mint, options: SubjectOptions) => Promise<string>) {
  return ({ mintKey, ...subject }: Subject): Subject => ({
    ...subject,
    mintKey: mintKey && ((options) => change(mintKey, options)),
  });
}

export const keysMinting: readonly Case[] = [accepted, asAws, noNetwork];
