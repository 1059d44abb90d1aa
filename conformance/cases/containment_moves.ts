import type { Case, Connection, Context, Subject } from "../case.ts";
import { ok } from "../check.ts";
import { changesRequest } from "../subjects/faults.ts";
import { GATEWAY, gateways } from "./gateway.ts";
import { ask, empty, evenIfRefused, failing } from "./steps.ts";
import { NODE_2342 } from "./sources.ts";

const OTHER = "https://evil.example/v1";

/** A client whose base URL is changed while it is working. */
interface Moved {
  readonly id: string;
  readonly title: string;
  readonly needs?: Case["needs"];
  readonly handle?: Case["handle"];
  run(start: Start): Promise<void>;
}

/** Creates the clients of a gateway, which call `act` when they look up their credential. */
type Start = (act?: () => unknown) => Promise<Connection[]>;

function moved({ id, needs = [], handle = empty, run, ...rest }: Moved): Case {
  return {
    id: `containment/${id}`,
    ...rest,
    source: NODE_2342,
    needs: ["respond", "tokenProvider", "move", ...needs],
    handle,
    async run(subject: Subject, context: Context) {
      await run((act) => gateways(subject, context, act));
      ok(
        context.sent.some(({ url }) => url.startsWith(GATEWAY)),
        "Nothing was sent to the gateway",
      );
      for (const { url, headers } of context.sent) {
        const credential = headers.has("authorization") || headers.has("x-amz-security-token");
        ok(url.startsWith(GATEWAY) || !credential, `A credential was sent to ${url}`);
      }
    },
    negative: sendsElsewhere,
  };
}

/** Sends every other request to the changed base URL, with its credential. */
function sendsElsewhere(subject: Subject): Subject {
  let count = 0;
  return changesRequest((request) => {
    if (count++ % 2) request.url = `${OTHER}/responses`;
  })(subject);
}

/** Makes a call that may be refused. */
async function tryToAsk(connection: Connection, maxRetries = 0): Promise<void> {
  await evenIfRefused(ask(connection, { maxRetries }));
}

/** Numbers of microtasks before, within and after the first steps of a client. */
const MICROTASKS = [0, 1, 3, 8, 21];

let moveNow = () => {};

const moves: readonly Moved[] = [
  {
    id: "base-url-moved-in-a-lookup",
    title: "A base URL that is changed during a lookup never gets a credential",
    async run(start) {
      const all: Connection[] = await start(() => all.forEach(({ move }) => move?.(OTHER)));
      for (const connection of all) {
        connection.move?.(GATEWAY);
        await tryToAsk(connection);
        await tryToAsk(connection);
      }
    },
  },
  {
    id: "base-url-moved-in-a-microtask",
    title: "A base URL that is changed while a call starts gets no credential",
    async run(start) {
      for (const count of MICROTASKS) {
        for (const connection of await start()) {
          const asked = tryToAsk(connection);
          for (let turn = 0; turn < count; turn++) await undefined;
          connection.move?.(OTHER);
          await asked;
        }
      }
    },
  },
  {
    id: "base-url-moved-between-attempts",
    title: "A base URL that is changed after a failure gets no credential on retry",
    needs: ["retries"],
    handle: () => (moveNow(), failing(503)),
    async run(start) {
      for (const connection of await start()) {
        moveNow = () => connection.move?.(OTHER);
        await tryToAsk(connection, 2);
      }
    },
  },
  {
    id: "base-url-moved-on-a-derived-client",
    title: "A base URL that is changed on a client, or on one derived from it, gets no credential",
    needs: ["derive"],
    async run(start) {
      const all: Connection[] = [];
      const act = () => all.forEach(({ move }) => move?.(OTHER));
      for (const connection of await start(act)) {
        const where = { endpoint: "mantle", region: "us-west-2", baseURL: GATEWAY } as const;
        const tokenProvider = () => (act(), "derived-token");
        const derived = await connection.derive?.({ ...where, tokenProvider });
        ok(derived, "The subject does not offer `derive`");
        all.splice(0, all.length, connection, derived);
        for (const each of [derived, connection]) {
          each.move?.(GATEWAY);
          await tryToAsk(each);
          await tryToAsk(each);
        }
      }
    },
  },
];

export const containmentMoves: readonly Case[] = moves.map(moved);
