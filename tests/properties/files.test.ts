import { properties } from "./files.ts";
import { tryShortly } from "../support/fuzzed.ts";

tryShortly("files", properties);
