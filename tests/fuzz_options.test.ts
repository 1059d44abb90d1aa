import { properties } from "../fuzz/options.ts";
import { tryShortly } from "./support/fuzzed.ts";

tryShortly("options", properties);
