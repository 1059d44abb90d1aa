import type { Case } from "../case.ts";
import { aborts } from "./aborts.ts";
import { auth } from "./auth.ts";
import { bearer } from "./bearer.ts";
import { containment } from "./containment.ts";
import { conversation } from "./conversation.ts";
import { endpoint } from "./endpoint.ts";
import { errors } from "./errors.ts";
import { files } from "./files.ts";
import { retries } from "./retries.ts";
import { service } from "./service.ts";
import { sigv4 } from "./sigv4.ts";
import { sigv4Credentials } from "./sigv4_credentials.ts";
import { streaming } from "./streaming.ts";

/** Every case, by topic. */
export const cases: readonly Case[] = [
  ...endpoint,
  ...auth,
  ...bearer,
  ...sigv4,
  ...sigv4Credentials,
  ...containment,
  ...retries,
  ...aborts,
  ...streaming,
  ...errors,
  ...conversation,
  ...files,
  ...service,
];
