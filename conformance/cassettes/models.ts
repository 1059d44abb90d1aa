import list from "./models/list.json" with { type: "json" };
import notOnOpenaiV1 from "./models/not_on_openai_v1.json" with { type: "json" };
import retrieve from "./models/retrieve.json" with { type: "json" };

/** The cassettes of `models/`, by id. */
export const MODELS = {
  "models/list": list,
  "models/retrieve": retrieve,
  "models/not_on_openai_v1": notOnOpenaiV1,
} satisfies Readonly<Record<string, unknown>>;
