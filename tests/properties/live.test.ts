import { properties } from "./live.ts";
import { tryShortly } from "../support/fuzzed.ts";

tryShortly("live", properties);
