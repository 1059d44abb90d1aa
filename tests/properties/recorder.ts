import assert from "node:assert/strict";
import type { Fetch } from "../../mod.ts";

/** A request that would have been sent. */
export interface Sent {
  readonly url: string;
  readonly headers: Headers;
  readonly redirect: unknown;
}

/** Creates a `fetch` that sends nothing and records requests. */
export function recorder(response: () => Response = () => Response.json({ data: [] })): {
  readonly sent: Sent[];
  readonly fetch: Fetch;
} {
  const sent: Sent[] = [];
  const fetch: Fetch = async (input, init) => {
    const request = input instanceof Request ? input : undefined;
    sent.push({
      url: request?.url ?? String(input),
      headers: new Headers(init?.headers ?? request?.headers),
      redirect: init?.redirect ?? request?.redirect,
    });
    return response();
  };
  return { sent, fetch };
}

/** Asserts that requests went to one origin only, authenticated and not to be redirected. */
export function assertContained(sent: readonly Sent[], origin: string): void {
  for (const { url, headers, redirect } of sent) {
    const went = new URL(url);
    assert.equal(went.origin, origin, `a request went to ${url}`);
    assert.equal(went.username + went.password, "", `a request went with user information`);
    assert.equal(redirect, "manual");
    assert.match(headers.get("authorization") ?? "", /^(?:Bearer \S|AWS4-HMAC-SHA256 Credential=)/);
    assert.equal(headers.get("host"), null);
  }
}
