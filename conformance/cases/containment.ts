import type { Case } from "../case.ts";
import { equal, ok, rejects } from "../check.ts";
import { changesHeader, changesRequest, sendsWhenRefused } from "../subjects/faults.ts";
import { clients, GATEWAY, gateways } from "./gateway.ts";
import { ask, call, empty, evenIfRefused, last } from "./steps.ts";
import { BEDROCK_GUIDE, NODE_2342, NODE_2377 } from "./sources.ts";

const FOREIGN = [
  "https://evil.example/v1/responses",
  "https://gateway.example:8443/v1/responses",
  "http://gateway.example/v1/responses",
  "https://gateway.example@evil.example/v1",
  "https://gateway.example.evil.example/v1",
  "blob:https://gateway.example/4f2c",
];

const WITH_USER = ["https://user:password@gateway.example/v1", "https://user@gateway.example/v1"];

interface Refused {
  readonly id: string;
  readonly title: string;
  readonly own?: true;
  readonly urls: readonly string[];
}

function refused({ urls, ...about }: Refused): Case {
  return {
    ...about,
    source: NODE_2342,
    needs: ["call"],
    handle: empty,
    async run(subject, context) {
      let lookups = 0;
      for (const connection of await gateways(subject, context, () => lookups++)) {
        for (const url of urls) {
          const attempt = call(connection, "POST", url, { body: {}, maxRetries: 0 });
          await rejects(attempt, `${url} is accepted`);
        }
      }
      equal([lookups, context.sent.length], [0, 0], "Lookups and requests");
    },
    negative: sendsWhenRefused,
  };
}

const foreign = refused({
  id: "containment/other-origins-get-nothing",
  title: "A path with another origin is refused before a credential is looked up",
  urls: FOREIGN,
});

const withUser = refused({
  id: "containment/user-information-is-refused",
  title: "A URL of the own origin with a user name in it is refused",
  own: true,
  urls: WITH_USER,
});

const ownOrigin: Case = {
  id: "containment/own-origin-however-spelled",
  title: "An absolute URL of the own origin is accepted, however it is spelled",
  source: NODE_2342,
  needs: ["call"],
  handle: empty,
  async run(subject, context) {
    for (const connection of await gateways(subject, context)) {
      for (const url of [`${GATEWAY}/models`, "HTTPS://GATEWAY.EXAMPLE:443/v1/models"]) {
        await call(connection, "GET", url);
        equal(last(context).url, `${GATEWAY}/models`, "URL");
      }
    }
  },
  negative: changesRequest((request) => void (request.url = "https://elsewhere.example/v1/models")),
};

const networkPath: Case = {
  id: "containment/network-path-stays-below-the-base",
  title: "A path that begins with two slashes leads to no other host",
  source: NODE_2342,
  needs: ["call"],
  handle: empty,
  async run(subject, context) {
    for (const connection of await gateways(subject, context)) {
      await call(connection, "GET", "/models");
      await evenIfRefused(call(connection, "GET", "//evil.example/models", { maxRetries: 0 }));
    }
    const hosts = context.sent.map(({ url }) => new URL(url).host);
    ok(hosts.every((host) => host === "gateway.example"), `Sent to ${hosts.join(", ")}`);
  },
  negative: changesRequest((request) => void (request.url = "https://evil.example/models")),
};

function redirected(status: number): Case {
  return {
    id: `containment/redirect-${status}`,
    title: `A redirect with ${status} is not followed, with credentials or without`,
    source: NODE_2377,
    needs: ["respond"],
    handle: () =>
      new Response(null, { status, headers: { location: "https://evil.example/v1/responses" } }),
    async run(subject, context) {
      const connections = await clients(subject, context);
      for (const connection of connections) {
        await rejects(ask(connection, { maxRetries: 0 }), "The redirect counts as a success");
        const { redirect } = last(context);
        ok(redirect === "manual" || redirect === "error", `Sent with redirect: ${redirect}`);
      }
      equal(context.sent.length, connections.length, "Requests sent");
    },
    negative: changesRequest((request) => void (request.redirect = "follow")),
  };
}

const ownAuthorization: Case = {
  id: "containment/callers-authorization-is-not-sent",
  title: "The caller's own Authorization header is refused or replaced, but never sent",
  source: BEDROCK_GUIDE,
  needs: ["respond"],
  handle: empty,
  async run(subject, context) {
    for (const connection of await clients(subject, context)) {
      for (const name of ["Authorization", "authorization"]) {
        const headers = { [name]: "Bearer callers-own" };
        await evenIfRefused(ask(connection, { headers, maxRetries: 0 }));
      }
      await ask(connection);
    }
    for (const { headers } of context.sent) {
      ok(!headers.get("authorization")?.includes("callers-own"), "The caller's header is sent");
    }
  },
  negative: changesHeader("authorization", "Bearer callers-own"),
};

const host: Case = {
  id: "containment/callers-host-is-not-sent",
  title: "The caller's own Host header is not passed to the transport",
  source: "https://fetch.spec.whatwg.org/#forbidden-request-header",
  own: true,
  needs: ["respond"],
  handle: empty,
  async run(subject, context) {
    for (const connection of await clients(subject, context)) {
      await ask(connection, { headers: { host: "evil.example" } });
      ok(last(context).headers.get("host") !== "evil.example", "The caller's Host is sent");
    }
  },
  negative: changesHeader("host", "evil.example"),
};

export const containment: readonly Case[] = [
  foreign,
  withUser,
  ownOrigin,
  networkPath,
  ...[301, 302, 303, 307, 308].map(redirected),
  ownAuthorization,
  host,
];
