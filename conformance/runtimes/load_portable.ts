import { createBedrockMantle } from "@ai-sdk/amazon-bedrock/mantle";
import { bedrock } from "../../mod.ts";
import type { Subject } from "../case.ts";
import type { Column } from "../report/report.ts";
import { aiSdk } from "../subjects/ai_sdk.ts";
import type { OpenAIClass } from "../subjects/openai_client.ts";
import { ours } from "../subjects/ours.ts";
import { oursFetch } from "../subjects/ours_fetch.ts";

/** The copies of the client by version; any other version is the newest. */
const clients: Readonly<Record<string, () => Promise<unknown>>> = {
  "6.45.0": () => import("openai-6.45.0"),
  "6.49.0": () => import("openai-6.49.0"),
  "7.0.0": () => import("openai-7.0.0"),
};

/** Loads the client of this version. */
export async function loadClient(sdk = ""): Promise<OpenAIClass> {
  const client = await (clients[sdk]?.() ?? import("openai")) as { OpenAI: OpenAIClass };
  return client.OpenAI;
}

/** Lists what a client of this version lacks, whatever the provider. */
export function gapsOf(sdk = ""): Subject["lacks"] {
  return Object.hasOwn(clients, sdk) ? ["lookupTimeout"] : [];
}

/** Loads a subject that needs no process. */
export async function loadPortableSubject({ subject, sdk }: Column): Promise<Subject> {
  if (subject === "ai-sdk") {
    const { lacks = [], ...rest } = aiSdk(subject, createBedrockMantle);
    return { ...rest, lacks: "process" in globalThis ? lacks : [...lacks, "variables"] };
  }
  if (subject === "ours, fetch") return oursFetch(subject, bedrock);
  if (subject !== "ours" && subject !== "ours, whole") {
    throw new TypeError(`Cannot load subject "${subject}": it needs a process`);
  }
  const OpenAI = await loadClient(sdk);
  const whole = subject === "ours, whole";
  return ours({ name: subject, bedrock, OpenAI, whole, lacks: gapsOf(sdk) });
}
