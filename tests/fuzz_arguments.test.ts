import { properties } from "../fuzz/arguments.ts";
import { tryShortly } from "./support/fuzzed.ts";

tryShortly("arguments", properties);
