import { createBedrockMantle } from "@ai-sdk/amazon-bedrock/mantle";
import { bedrock } from "../../mod.ts";
import type { Subject } from "../case.ts";
import type { Lane } from "../report/report.ts";
import { aiSdk } from "../subjects/ai_sdk.ts";
import type { OpenAIClass } from "../subjects/openai_client.ts";
import { ours } from "../subjects/ours.ts";
import { oursFetch } from "../subjects/ours_fetch.ts";

/** Copies of the client by version; any other version is the newest. */
const clients: Readonly<Record<string, () => Promise<unknown>>> = {
  "6.45.0": () => import("openai-6.45.0"),
  "6.49.0": () => import("openai-6.49.0"),
  "7.0.0": () => import("openai-7.0.0"),
};

/** The client of a lane. */
export async function loadClient(sdk = ""): Promise<OpenAIClass> {
  const client = await (clients[sdk]?.() ?? import("openai")) as { OpenAI: OpenAIClass };
  return client.OpenAI;
}

/** What a client of this version cannot do, whatever is put into it. */
export function gapsOf(sdk = ""): Subject["lacks"] {
  return Object.hasOwn(clients, sdk) ? ["lookupTimeout"] : [];
}

/** The subjects that need no process around them. */
export async function loadPortableSubject({ subject, sdk }: Lane): Promise<Subject> {
  if (subject === "ai-sdk") {
    const { lacks = [], ...rest } = aiSdk(subject, createBedrockMantle);
    return { ...rest, lacks: "process" in globalThis ? lacks : [...lacks, "variables"] };
  }
  if (subject === "ours, fetch") return oursFetch(subject, bedrock);
  if (subject !== "ours" && subject !== "ours, whole") {
    throw new TypeError(`Cannot load subject "${subject}": It needs a process`);
  }
  const OpenAI = await loadClient(sdk);
  const whole = subject === "ours, whole";
  return ours({ name: subject, bedrock, OpenAI, whole, lacks: gapsOf(sdk) });
}
