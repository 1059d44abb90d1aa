import { properties } from "../fuzz/callbacks.ts";
import { tryShortly } from "./support/fuzzed.ts";

tryShortly("callbacks", properties);
