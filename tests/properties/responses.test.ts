import { properties } from "./responses.ts";
import { tryShortly } from "../support/fuzzed.ts";

tryShortly("answers", properties);
