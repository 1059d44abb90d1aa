import { properties } from "../fuzz/answers.ts";
import { tryShortly } from "./support/fuzzed.ts";

tryShortly("answers", properties);
