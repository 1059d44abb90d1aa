import { properties } from "../fuzz/proxy.ts";
import { tryShortly } from "./support/fuzzed.ts";

tryShortly("proxy", properties);
