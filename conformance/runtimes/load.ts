import type { bedrock as OfficialBedrock } from "openai/providers/bedrock/aws";
import { bedrock } from "../../aws.ts";
import type { Subject } from "../case.ts";
import type { Column } from "../report/report.ts";
import { official } from "../subjects/official.ts";
import { ours } from "../subjects/ours.ts";
import { gapsOf, loadClient, loadPortableSubject } from "./load_portable.ts";

/** The copies of the official provider by version; any other version is the newest. */
const providers: Readonly<Record<string, () => Promise<unknown>>> = {
  "6.45.0": () => import("openai-6.45.0/providers/bedrock/aws"),
  "6.49.0": () => import("openai-6.49.0/providers/bedrock/aws"),
  "7.0.0": () => import("openai-7.0.0/providers/bedrock/aws"),
};

/** Loads any subject. */
export async function loadSubject(column: Column): Promise<Subject> {
  const { subject, sdk = "" } = column;
  if (subject === "official") {
    const provider = await (providers[sdk]?.() ?? import("openai/providers/bedrock/aws")) as {
      bedrock: typeof OfficialBedrock;
    };
    const OpenAI = await loadClient(sdk);
    // Only the newest supports the Runtime endpoint
    const lacks = Object.hasOwn(providers, sdk) ? ["runtime"] as const : [];
    return official({ name: subject, bedrock: provider.bedrock, OpenAI, lacks });
  }
  if (subject === "ours, aws") {
    return ours({ name: subject, bedrock, OpenAI: await loadClient(sdk), lacks: gapsOf(sdk) });
  }
  return await loadPortableSubject(column);
}
