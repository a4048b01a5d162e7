import { describe, expect, it } from "vitest";

import { parseConfig } from "../../src/config/parse-config.ts";

const parse = (control: unknown) => parseConfig({ gate: { control } }, "tracegate.config.ts").gate.control;

describe("gate.control", () => {
  it("is left out, a set-up as a list or a text, a base, or false", () => {
    expect(parse(undefined)).toBeUndefined();
    expect(parse(false)).toBe(false);
    expect(parse({})).toEqual({ timeoutMs: 600_000 });
    expect(parse({ setup: ["npm", "ci"], base: "develop", timeoutMs: 1_000 })).toEqual({
      setup: ["npm", "ci"],
      base: "develop",
      timeoutMs: 1_000,
    });
    expect(parse({ setup: "npm ci && npm run build" })).toMatchObject({ setup: "npm ci && npm run build" });
  });

  it.each([
    [{ setups: [] }, "gate.control.setups: there is no such key. Known here: setup, base, timeoutMs."],
    [true, 'gate.control: must be how main is set up, e.g. { setup: ["npm", "ci"] }, or false, got true.'],
    [{ timeoutMs: -1 }, "gate.control.timeoutMs: must be 0 or more, got -1."],
  ])("is refused as %j, with what it may be", (control, message) => {
    expect(() => parse(control)).toThrow(message);
  });
});
