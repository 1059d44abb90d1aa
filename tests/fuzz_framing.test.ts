import { properties } from "../fuzz/framing.ts";
import { tryShortly } from "./support/fuzzed.ts";

tryShortly("framing", properties);
