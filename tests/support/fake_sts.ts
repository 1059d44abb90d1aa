import { RETRYING_PLATFORM, type RetryingPlatform } from "../../src/platform/retrying_platform.ts";
import type { Fetch } from "../../sts.ts";

/** A clock and waits that take no time. */
export interface FakePlatform extends RetryingPlatform {
  time: number;
  /** The duration of each wait. */
  readonly waits: number[];
}

/** Creates a platform at noon. */
export function fakePlatform(more: Partial<RetryingPlatform> = {}): FakePlatform {
  const platform: FakePlatform = {
    ...RETRYING_PLATFORM,
    time: Date.UTC(2026, 0, 1, 12),
    waits: [],
    now: () => platform.time,
    sleep: (ms) => (platform.waits.push(ms), Promise.resolve()),
    ...more,
  };
  return platform;
}

/** Creates STS's response for a session, which has a number and lasts an hour from noon. */
export function granted(number = 1, expiration = "2026-01-01T13:00:00Z"): Response {
  return xml(
    200,
    `<AccessKeyId>ASIA${number}</AccessKeyId><SecretAccessKey>secret</SecretAccessKey>` +
      `<SessionToken>session</SessionToken><Expiration>${expiration}</Expiration>`,
  );
}

/** Creates STS's response to a request that it refuses. */
export function refused(status: number, code: string, message: string): Response {
  const escaped = message.replaceAll("&", "&amp;").replaceAll("<", "&lt;");
  return xml(status, `<Error><Code>${code}</Code><Message>${escaped}</Message></Error>`);
}

function xml(status: number, content: string): Response {
  const headers = { "content-type": "text/xml" };
  return new Response(`<Response>${content}</Response>`, { status, headers });
}

/** A `fetch` that plays steps in their order, and notes the requests. */
export function play(...steps: (Response | Error)[]): Fetch & { readonly sent: Request[] } {
  const sent: Request[] = [];
  const fetch: Fetch = async (...args) => {
    sent.push(new Request(...args));
    const step = steps.shift() ?? new Error("Sent once too often");
    if (step instanceof Error) throw step;
    return step;
  };
  return Object.assign(fetch, { sent });
}
