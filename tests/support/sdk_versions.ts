import { createRequire } from "node:module";
import type * as Newest from "openai";

/** A copy of the official client. */
export interface Sdk {
  /** Version and module system. */
  readonly name: string;
  readonly OpenAI: typeof Newest.OpenAI;
  readonly APIUserAbortError: typeof Newest.APIUserAbortError;
  readonly APIConnectionTimeoutError: typeof Newest.APIConnectionTimeoutError;
  readonly toFile: typeof Newest.toFile;
  /** True if the client's timeout covers authentication, as it has since 7.48. */
  readonly timeoutCoversAuth: boolean;
}

const PACKAGES = ["openai-6.45.0", "openai-6.49.0", "openai-7.0.0", "openai"];
const require = createRequire(import.meta.url);

/** Every supported version, as an ES module and as CommonJS. */
export const SDKS: readonly Sdk[] = (await Promise.all(PACKAGES.map(async (name) => {
  const timeoutCoversAuth = name === "openai";
  const copies = [["ESM", (path: string) => import(path)], ["CommonJS", require]] as const;
  return await Promise.all(copies.map(async ([system, load]) => {
    const { VERSION } = await load(`${name}/version`);
    return { ...await load(name), name: `openai ${VERSION} (${system})`, timeoutCoversAuth } as Sdk;
  }));
}))).flat();

/** Defines a test for every copy of the client. */
export function forEverySdk(define: (sdk: Sdk) => void): void {
  for (const sdk of SDKS) define(sdk);
}
