import { properties } from "./pollution.ts";
import { tryShortly } from "../support/fuzzed.ts";

tryShortly("pollution", properties);
