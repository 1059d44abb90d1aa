import type { Case } from "../case.ts";
import { access } from "./service/access.ts";
import { faults } from "./service/faults.ts";
import { files } from "./service/files.ts";
import { models } from "./service/models.ts";
import { streams } from "./service/streams.ts";
import { throttling } from "./service/throttling.ts";
import { turns } from "./service/turns.ts";

/** Cases against a whole service, which verifies, keeps state and misbehaves. */
export const service: readonly Case[] = [
  ...access,
  ...models,
  ...turns,
  ...streams,
  ...files,
  ...throttling,
  ...faults,
];
