import { describe, expect, it } from "vitest";

import { parseConfig } from "../../src/config/parse-config.ts";

const gateOf = (gate: object) => parseConfig({ gate }, "it").gate;

describe("gate.history", () => {
  it("is a file unless it is said otherwise, and counts back 50 trials and 90 days", () => {
    expect(gateOf({})).toMatchObject({
      history: "evals/history.jsonl",
      historyWindow: { trials: 50, days: 90 },
    });
    expect(gateOf({ historyWindow: { trials: 20 } }).historyWindow).toEqual({ trials: 20, days: 90 });
  });

  it("may be a branch, and say where it is shared", () => {
    expect(gateOf({ history: { branch: "tracegate/history" } }).history).toEqual({
      branch: "tracegate/history",
    });
    const shared = { branch: "evals", remote: "upstream" };
    expect(gateOf({ history: shared }).history).toEqual(shared);
  });

  it.each([
    { branch: "--upload-pack=touch x" },
    { branch: "a..b" },
    { branch: "a/" },
    { branch: "a.lock" },
    { branch: "" },
    { branch: "a", remote: "ext::sh -c touch% x" },
    { branch: "a", remote: "https://elsewhere.example/x.git" },
    { branch: "a", remote: "-o" },
  ])("takes no name that git would take for something else: %o", (history) => {
    expect(() => gateOf({ history })).toThrow(/gate\.history\.(branch|remote): must be the name of a/);
  });

  it("says what it may be", () => {
    expect(() => gateOf({ history: { brnch: "x" } })).toThrow(
      "gate.history.brnch: there is no such key. Known here: branch, remote.",
    );
    expect(() => gateOf({ history: 7 })).toThrow(
      'gate.history: must be a file such as "evals/history.jsonl", or { branch: "tracegate/history" }, got 7.',
    );
  });
});
