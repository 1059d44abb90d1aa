import { properties } from "../fuzz/headers.ts";
import { tryShortly } from "./support/fuzzed.ts";

tryShortly("headers", properties);
