export { serve } from "../../loopback/serve.ts";
export type { Handler, ServeOptions, Server } from "../../loopback/serve.ts";
