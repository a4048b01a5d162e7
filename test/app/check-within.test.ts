import { describe, expect, it } from "vitest";

import { checkWithin } from "../../src/app/check-within.ts";
import { defaultConfig } from "../../src/config/parse-config.ts";

const DAY_MS = 86_400_000;

describe("how soon answers are needed", () => {
  it("must be before spans are let go, and is refused otherwise with both keys", () => {
    expect(() => checkWithin(defaultConfig())).not.toThrow();
    expect(() => checkWithin(defaultConfig({ judging: { withinMs: 6 * DAY_MS } }))).not.toThrow();
    expect(() => checkWithin(defaultConfig({ judging: { withinMs: 7 * DAY_MS } }))).toThrow(
      /^judging\.withinMs: answers may come after 7 days, and spans are let go after 7 \(retention\.payloadDays\)/,
    );
  });

  it("must leave time for a batch when questions have been gathered", () => {
    const gathering = (gatherMs: number) => () =>
      checkWithin(defaultConfig({ judging: { batches: { gatherMs } } }));
    expect(gathering(DAY_MS / 2 - 1)).not.toThrow();
    expect(gathering(DAY_MS / 2)).toThrow(/^judging\.batches\.gatherMs: .*gathered for 12 hours.*full price/);
  });
});
