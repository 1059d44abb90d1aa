import { receive, type Received } from "../mantle/exchange.ts";

/** A request as an endpoint received it, with its outcome. */
export interface ObservedRequest extends Received {
  /** The operation, as AWS names it. */
  readonly operation: string;
  /** The code of AWS's error, if the request was refused. */
  readonly refusal: string | undefined;
}

/** The options of every endpoint. */
export interface ServiceOptions {
  /** The clock, in milliseconds since 1970. @default {Date.now} */
  readonly now?: () => number;
  /** Receives every request, secrets included, before the response is sent. */
  readonly observe?: (request: ObservedRequest) => void;
}

/** A refusal, which the service formats as a response. */
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

/** The parts of a service. */
export interface Service {
  operation(received: Received): string;
  respond(received: Received): Response | Promise<Response>;
  refuse(refusal: AwsRefusal): Response;
}

/** Creates the Web-standard handler of a service. */
export function createHandler(
  { operation, respond, refuse }: Service,
  { observe }: ServiceOptions,
): (request: Request) => Promise<Response> {
  return async (request) => {
    const received = await receive(request);
    const report = (refusal: string | undefined) =>
      observe?.({ ...received, operation: operation(received), refusal });
    try {
      const response = await respond(received);
      report(undefined);
      return response;
    } catch (error) {
      if (!(error instanceof AwsRefusal)) throw error;
      report(error.code);
      return refuse(error);
    }
  };
}
