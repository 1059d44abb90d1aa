import { PLATFORM, type Platform } from "./platform.ts";

/** A platform for requests that are retried. */
export interface RetryingPlatform extends Platform {
  /** Waits before a retry, in milliseconds. */
  readonly sleep: (ms: number) => Promise<void>;
}

/** The platform of this process. */
export const RETRYING_PLATFORM: RetryingPlatform = {
  ...PLATFORM,
  sleep: (ms) => new Promise((resolve) => setTimeout(resolve, ms)),
};
