import { properties } from "./proxy.ts";
import { tryShortly } from "../support/fuzzed.ts";

tryShortly("proxy", properties);
