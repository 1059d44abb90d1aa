import { properties } from "./callbacks.ts";
import { tryShortly } from "../support/fuzzed.ts";

tryShortly("callbacks", properties);
