import { properties } from "../fuzz/keys.ts";
import { tryShortly } from "./support/fuzzed.ts";

tryShortly("keys", properties);
