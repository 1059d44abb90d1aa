import dataRetention from "./control/data_retention.json" with { type: "json" };
import dataRetentionDenied from "./control/data_retention_denied.json" with { type: "json" };
import projectCreated from "./control/project_created.json" with { type: "json" };

/** The cassettes of `control/`, by id. */
export const CONTROL = {
  "control/data_retention": dataRetention,
  "control/project_created": projectCreated,
  "control/data_retention_denied": dataRetentionDenied,
} satisfies Readonly<Record<string, unknown>>;
