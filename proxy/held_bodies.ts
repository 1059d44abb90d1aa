import { Refusal } from "../loopback/refusal.ts";

/** The limits on bodies that are held to be signed, in bytes. */
export interface HoldLimits {
  /** The most of one body. */
  readonly each: number;
  /** The most of all bodies at once. */
  readonly all: number;
}

/** The bodies that are held to be signed, which share a limit. */
export class HeldBodies {
  readonly #limits: HoldLimits;
  #held = 0;

  constructor(limits: HoldLimits) {
    this.#limits = limits;
  }

  /**
   * Reads a body, and holds it until what is done with it is done, or fails.
   *
   * @throws {Refusal} As soon as it is known to be longer than a limit, or to be more than there is
   * room for.
   */
  async hold<T>(
    { headers, body }: Request,
    use: (body: Uint8Array<ArrayBuffer>) => Promise<T>,
  ): Promise<T> {
    let reserved = 0;
    const reserve = (length: number) => {
      const { each, all } = this.#limits;
      if (length > each) throw tooLarge(each);
      if (this.#held + length - reserved > all) throw tooMuch(all);
      this.#held += length - reserved;
      reserved = length;
    };
    try {
      const announced = Number(headers.get("content-length") ?? 0);
      reserve(announced);
      const chunks: Uint8Array<ArrayBuffer>[] = [];
      let length = 0;
      for await (const chunk of body ?? []) {
        length += chunk.length;
        if (length > reserved) reserve(length);
        chunks.push(chunk);
      }
      return await use(new Uint8Array(await new Blob(chunks).arrayBuffer()));
    } finally {
      this.#held -= reserved;
    }
  }
}

const INSTEAD = "let the proxy use a bearer token, with which bodies are not held";

function tooLarge(limit: number): Refusal {
  return new Refusal(
    413,
    "request_too_large",
    "invalid_request_error",
    `The body is longer than the ${limit} bytes that are held to sign it: send less, or ${INSTEAD}`,
  );
}

function tooMuch(limit: number): Refusal {
  return new Refusal(
    503,
    "too_many_bodies",
    "server_error",
    `The proxy holds no more than ${limit} bytes of bodies at once to sign them: try again when ` +
      `other requests have been sent, send less at once, or ${INSTEAD}`,
    { retryAfterSeconds: 1 },
  );
}
