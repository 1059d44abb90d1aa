import type { ClientOptions } from "openai";
import type { bedrock, BedrockProviderOptions } from "../../mod.ts";
import type { Capability, Subject, SubjectOptions } from "../case.ts";
import { type OpenAIClass, overOpenAI } from "./openai_client.ts";
import { readingProcess } from "./scoped.ts";
import { NO_AWS_SETUP } from "./variables.ts";

/** How an entry of this module is put into an OpenAI client. */
export interface OursOptions {
  /** Which entry it is, and which version of the client. */
  readonly name: string;
  /** `bedrock` of either entry. */
  readonly bedrock: typeof bedrock;
  readonly OpenAI: OpenAIClass;
  /** Whether the client gets the whole of it, which installs its `fetch` besides. */
  readonly whole?: boolean;
  readonly lacks?: readonly Capability[];
}

/** This module in an OpenAI client. */
export function ours({ name, bedrock, OpenAI, whole = false, lacks }: OursOptions): Subject {
  return readingProcess({
    name,
    lacks,
    async connect({ env = {}, ...rest }, fetch) {
      const options = { ...rest, env: variables(env), fetch } as BedrockProviderOptions;
      const configured = bedrock<Provider>(options);
      const parts = whole ? configured : { provider: configured.provider, fetch };
      const client = new OpenAI({ ...parts, dangerouslyAllowBrowser: true });
      return overOpenAI(client);
    },
  });
}

type Provider = NonNullable<ClientOptions["provider"]>;

/** The variables as they are when asked for, over those that keep AWS's packages quiet. */
function variables(env: NonNullable<SubjectOptions["env"]>): object {
  return new Proxy(env, {
    get: (target, name) => Reflect.get(target, name) ?? Reflect.get(NO_AWS_SETUP, name),
  });
}
