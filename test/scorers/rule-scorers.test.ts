import { describe, expect, it } from "vitest";
import { ruleScorers } from "../../src/scorers/index.ts";
import { scorerContract } from "../contracts/scorer.ts";

describe("every rule scorer", () => {
  it("has a name of its own", () => {
    const names = ruleScorers.map((scorer) => scorer.name);
    expect(new Set(names).size).toBe(names.length);
  });

  for (const scorer of ruleScorers) scorerContract(scorer);
});
