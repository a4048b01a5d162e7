import { describe, expect, it } from "vitest";

import { gateText } from "../../src/cli/print/gate-text.ts";
import { caseVerdict, report, result, score } from "../action/reports.ts";

const judged = (name: string, over: Parameters<typeof score>[0] = {}) =>
  score({ name, kind: "judge", value: 1, explanation: "Grounded.", ...over });
const keyless = (name: string) =>
  judged(name, {
    value: null,
    unscored: { code: "no-key" },
    explanation: "No key for OpenAI: set the environment variable OPENAI_API_KEY.",
  });

describe("the gate's text", () => {
  it("names in one line the judges that block nothing, and why", () => {
    const scores = [score(), judged("tone"), judged("style"), keyless("groundedness")];
    const cases = [caseVerdict(), caseVerdict({ scorer: "style", blocking: false, outcome: "held" })];
    const results = [result({ scores }), result({ scores, trial: 2 })];
    const text = gateText(report({ verdict: { cases }, results }));
    expect(text.split("\n").filter((line) => line.includes("tone"))).toEqual([
      "  Judges that block nothing here: style (advisory: tracegate judge calibrate, or gate.trust); tone (no case is held by it); groundedness (No key for OpenAI: set the environment variable OPENAI_API_KEY).",
    ]);
  });

  it("says nothing of judges that a case depends on, or where there is none", () => {
    const cases = [caseVerdict({ scorer: "groundedness" })];
    const results = [result({ scores: [keyless("groundedness")] })];
    expect(gateText(report({ verdict: { cases }, results }))).not.toContain("Judges");
    expect(gateText(report())).not.toContain("Judges");
  });
});
