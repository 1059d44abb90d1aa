/** Answers Web-standard requests. */
export type Handler = (request: Request) => Response | Promise<Response>;
