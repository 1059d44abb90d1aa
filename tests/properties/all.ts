import type { Property } from "./property.ts";
import { properties as callArguments } from "./arguments.ts";
import { properties as answers } from "./responses.ts";
import { properties as callbacks } from "./callbacks.ts";
import { properties as files } from "./files.ts";
import { properties as framing } from "./framing.ts";
import { properties as headers } from "./headers.ts";
import { properties as keys } from "./keys.ts";
import { properties as live } from "./live.ts";
import { properties as options } from "./options.ts";
import { properties as pollution } from "./pollution.ts";
import { properties as proxy } from "./proxy.ts";
import { properties as urls } from "./urls.ts";
import { properties as variables } from "./variables.ts";

/** Every claim that is tried with hostile input, by where the input comes in. */
export const ideas: Readonly<Record<string, readonly Property[]>> = {
  arguments: callArguments,
  answers,
  callbacks,
  files,
  framing,
  headers,
  keys,
  live,
  options,
  pollution,
  proxy,
  urls,
  variables,
};
