import { properties } from "./keys.ts";
import { tryShortly } from "../support/fuzzed.ts";

tryShortly("keys", properties);
