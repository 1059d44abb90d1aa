import { receive, type Received } from "../mantle/exchange.ts";

/** A request as an endpoint saw it, and what became of it. */
export interface Asked extends Received {
  /** What was asked for, as AWS names the operation. */
  readonly operation: string;
  /** The code of AWS's error, where the request was refused. */
  readonly refusal: string | undefined;
}

/** What every endpoint takes. */
export interface ServiceOptions {
  /** The clock, in milliseconds since the epoch. @default {Date.now} */
  readonly now?: () => number;
  /** Told of every request, secrets included, before it is answered. */
  readonly observe?: (asked: Asked) => void;
}

/** A refused request: thrown where the fault is found, answered in the shape of the service. */
export class AwsRefusal extends Error {
  readonly status: number;
  readonly code: string;

  constructor(status: number, code: string, message: string) {
    super(message);
    this.name = "AwsRefusal";
    this.status = status;
    this.code = code;
  }
}

/** How one service reads, answers and refuses. */
export interface Service {
  operation(received: Received): string;
  answer(received: Received): Response | Promise<Response>;
  refused(refusal: AwsRefusal): Response;
}

/** Makes a Web-standard handler of a service. */
export function handlerOf(
  { operation, answer, refused }: Service,
  { observe }: ServiceOptions,
): (request: Request) => Promise<Response> {
  return async (request) => {
    const received = await receive(request);
    const tell = (refusal: string | undefined) =>
      observe?.({ ...received, operation: operation(received), refusal });
    try {
      const answered = await answer(received);
      tell(undefined);
      return answered;
    } catch (error) {
      if (!(error instanceof AwsRefusal)) throw error;
      tell(error.code);
      return refused(error);
    }
  };
}
