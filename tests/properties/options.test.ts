import { properties } from "./options.ts";
import { tryShortly } from "../support/fuzzed.ts";

tryShortly("options", properties);
