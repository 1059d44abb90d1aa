import { properties } from "./urls.ts";
import { tryShortly } from "../support/fuzzed.ts";

tryShortly("urls", properties);
