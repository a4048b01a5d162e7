/** Where the time comes from, so that tests can own it. Times are Unix ms. */
export interface Clock {
  now(): number;
}

/** The machine's clock. */
export const systemClock: Clock = { now: () => Date.now() };
