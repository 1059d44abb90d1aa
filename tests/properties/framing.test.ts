import { properties } from "./framing.ts";
import { tryShortly } from "../support/fuzzed.ts";

tryShortly("framing", properties);
