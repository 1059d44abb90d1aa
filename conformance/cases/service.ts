import type { Case } from "../case.ts";
import { access } from "./service/access.ts";
import { faults } from "./service/faults.ts";
import { files } from "./service/files.ts";
import { models } from "./service/models.ts";
import { streams } from "./service/streams.ts";
import { throttling } from "./service/throttling.ts";
import { turns } from "./service/turns.ts";

/** What must hold against a whole service, which verifies, remembers and misbehaves. */
export const service: readonly Case[] = [
  ...access,
  ...models,
  ...turns,
  ...streams,
  ...files,
  ...throttling,
  ...faults,
];
