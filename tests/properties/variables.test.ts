import { properties } from "./variables.ts";
import { tryShortly } from "../support/fuzzed.ts";

tryShortly("variables", properties);
