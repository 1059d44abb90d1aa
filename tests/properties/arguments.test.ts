import { properties } from "./arguments.ts";
import { tryShortly } from "../support/fuzzed.ts";

tryShortly("arguments", properties);
