import { properties } from "../fuzz/files.ts";
import { tryShortly } from "./support/fuzzed.ts";

tryShortly("files", properties);
