import { Refusal } from "./refusal.ts";

/**
 * Makes the check that a request is meant for this server: a page whose name somebody has led to this
 * machine (DNS rebinding) sends that name as its `Host`.
 *
 * @param url The origin of the server; `localhost` with its port is its name as well.
 * @param allowed Further names, as {@link readHostName} returns them; one without a port is allowed
 * with any.
 * @returns A function that throws a {@link Refusal} for any other `Host`.
 */
export function hostCheck(url: string, allowed: readonly string[]): (host: string) => void {
  const { hostname, port } = new URL(url);
  const own = [...new Set([hostname, "localhost"])].flatMap((name) =>
    // Clients leave out the port that http has by itself
    port ? [`${name}:${port}`] : [name, `${name}:80`]
  );
  const names = [...own, ...allowed];
  return (host) => {
    const sent = host.toLowerCase();
    if (names.includes(sent)) return;
    if (allowed.length > 0 && names.includes(sent.replace(/:\d{1,5}$/, ""))) return;
    throw new Refusal(
      421,
      "host_not_allowed",
      "invalid_request_error",
      `The Host header must be ${names.join(" or ")}`,
    );
  };
}

/**
 * Reads a name as a `Host` header has it, with a port or without.
 *
 * @throws {TypeError} If it is none, such as a URL.
 */
export function readHostName(name: string): string {
  const lower = name.toLowerCase();
  if (HOST.test(lower) && URL.canParse(`http://${lower}`)) return lower;
  throw new TypeError(
    `${JSON.stringify(name)} is no name of a host: use one such as mantle.test or mantle.test:8080`,
  );
}

const HOST = /^(?:[a-z0-9_.-]+|\[[0-9a-f:.]+\])(?::\d{1,5})?$/;
