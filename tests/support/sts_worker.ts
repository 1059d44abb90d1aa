import { askWithBoth } from "./sts_portable.ts";

export default {
  async fetch(_: Request, { SETUP }: { readonly SETUP: string }): Promise<Response> {
    return new Response(await askWithBoth(JSON.parse(SETUP)));
  },
};
