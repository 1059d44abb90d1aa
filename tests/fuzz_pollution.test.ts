import { properties } from "../fuzz/pollution.ts";
import { tryShortly } from "./support/fuzzed.ts";

tryShortly("pollution", properties);
