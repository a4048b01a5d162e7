import { describe, expect, it } from "vitest";

import { EXPLANATION_LIMIT, rootAttributes } from "../../src/pipeline/root-attributes.ts";
import { scoreOf } from "../contracts/stored-trace.ts";

describe("the attributes of a scored root", () => {
  it("hold score, label, explanation and version under the scorer's name, and the revision", () => {
    const score = scoreOf("tool-errors", {
      value: 0.25,
      label: "failed",
      explanation: "twice",
      version: "3",
    });
    expect(rootAttributes([score], { revision: 2 })).toEqual({
      "tracegate.revision": 2,
      "tracegate.score.tool-errors": 0.25,
      "tracegate.label.tool-errors": "failed",
      "tracegate.explanation.tool-errors": "twice",
      "tracegate.version.tool-errors": "3",
    });
  });

  it("say why there is no score instead of giving one; a zero is a score", () => {
    const unscored = scoreOf("a", { value: null, unscored: { code: "timed-out" } });
    const zero = scoreOf("b", { value: 0 });
    expect(rootAttributes([unscored, zero], { revision: 1 })).toEqual({
      "tracegate.revision": 1,
      "tracegate.unscored.a": "timed-out",
      "tracegate.version.a": "1",
      "tracegate.score.b": 0,
      "tracegate.version.b": "1",
    });
  });

  it("cut an explanation at the limit, never inside a character", () => {
    const of = (explanation: string) =>
      rootAttributes([scoreOf("a", { explanation })], { revision: 1 })["tracegate.explanation.a"];
    expect(of("x".repeat(EXPLANATION_LIMIT))).toBe("x".repeat(EXPLANATION_LIMIT));
    const cut = of(`${"x".repeat(EXPLANATION_LIMIT - 2)}😀😀`);
    expect(cut).toBe(`${"x".repeat(EXPLANATION_LIMIT - 2)}…`);
  });
});
