import { properties } from "../fuzz/live.ts";
import { tryShortly } from "./support/fuzzed.ts";

tryShortly("live", properties);
