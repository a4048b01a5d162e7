import { describe, expect, it } from "vitest";

import { contentHash } from "../../src/core/ids.ts";
import { criteriaOf } from "../../src/pipeline/gate-criteria.ts";
import { caseOf } from "../datasets/case-of.ts";

describe("the key under which trials are compared", () => {
  it("is a hash of case, scorer, judge where one is asked, and agent; histories of earlier versions count", () => {
    const scorers = [
      { name: "right", version: "3", kind: "rule" as const },
      { name: "polite", version: "1", kind: "judge" as const },
    ];
    const cases = [
      caseOf("a", { mustPass: [], expected: { z: 1, a: ['"'] } }),
      caseOf("b", { mustPass: ["polite"] }),
    ];
    const context = { scorers, judgeIdentity: "a model", taskIdentity: 'module "x"', trust: ["polite"] };
    for (const { case: one, scorer, key } of criteriaOf(cases, context)) {
      const { id, input, expected, mustPass } = one;
      expect(key).toBe(
        contentHash({
          case: { id, input, expected, mustPass },
          scorer: [scorer.name, scorer.version],
          judge: scorer.kind === "judge" ? "a model" : undefined,
          task: 'module "x"',
        }),
      );
    }
    expect(criteriaOf(cases, context)).toHaveLength(3);
  });
});
