import { properties } from "../fuzz/variables.ts";
import { tryShortly } from "./support/fuzzed.ts";

tryShortly("variables", properties);
