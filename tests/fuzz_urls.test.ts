import { properties } from "../fuzz/urls.ts";
import { tryShortly } from "./support/fuzzed.ts";

tryShortly("urls", properties);
