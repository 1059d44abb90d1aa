import assert from "node:assert/strict";
import { closedExchange } from "./raw_http.ts";

/** The key of those who may ask the servers of the examples. */
export const ASK_KEY = "a-key-of-those-who-ask";

/** Headers of callers without the key. */
const WITHOUT_KEY: readonly Readonly<Record<string, string>>[] = [
  {},
  { authorization: "Bearer" },
  { authorization: "Bearer undefined" },
  { authorization: "Bearer another-key" },
  { authorization: `Bearer ${ASK_KEY}s` },
  { authorization: `Bearer ${ASK_KEY.slice(1)}` },
  { authorization: `Basic ${ASK_KEY}` },
  { cookie: `ASK_KEY=${ASK_KEY}` },
  { host: "rebound.example", origin: "http://rebound.example" },
];

/** Asserts that a server refuses everybody who does not have that key. */
export async function assertRefused(origin: string, target: string): Promise<void> {
  for (const headers of WITHOUT_KEY) {
    const host = new URL(origin).host;
    const { status, head } = await closedExchange(origin, target, { host, ...headers }, "Hello");
    assert.ok([400, 401].includes(status), `${status} ${JSON.stringify(headers)}`);
    assert.ok(!/^access-control/im.test(head), head);
  }
}
