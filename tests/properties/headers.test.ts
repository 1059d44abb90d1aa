import { properties } from "./headers.ts";
import { tryShortly } from "../support/fuzzed.ts";

tryShortly("headers", properties);
