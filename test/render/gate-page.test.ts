import fc from "fast-check";
import { describe, expect, it } from "vitest";

import type { Case, Recording } from "../../src/core/case.ts";
import { textMessage } from "../../src/core/message.ts";
import type { GateReport } from "../../src/core/verdict.ts";
import { gatePage } from "../../src/render/html/gate/gate-page.ts";
import type { CaseOrigin } from "../../src/render/html/gate/then-and-now.ts";
import { makeTrace } from "../../src/testing/make-trace.ts";
import { caseVerdict, report, result, score } from "../action/reports.ts";
import { traceFullOf } from "./hostile-trace.ts";
import { parsePage, unbalanced } from "./page-markup.ts";

/** A harvested case with a recording in which every text is the given one. */
function originOf(text: string): CaseOrigin {
  const one: Case = {
    v: 1,
    id: text,
    input: { messages: [textMessage("user", `asked then: ${text}`)] },
    mustPass: [],
    tags: [],
    source: {
      kind: "trace",
      traceId: text,
      endedAt: text,
      answer: `answered then: ${text}`,
      condemned: [{ scorer: text, version: "1", value: 0, label: null, explanation: text }],
    },
  };
  const recording: Recording = {
    v: 1,
    traceId: text,
    toolCalls: [
      { name: text, arguments: { [text]: text }, result: `looked up then: ${text}`, error: null },
      { kind: "memory", name: text, error: text },
    ],
    llmCalls: [{ model: text, output: null, finishReason: "stop", error: text }],
    redactions: {},
    truncated: true,
  };
  return { case: one, recording };
}

/** The same with a run of main in which every text is the given one. */
function withMain(text: string): CaseOrigin {
  const origin = originOf(text);
  const recording: Recording = {
    v: 1,
    traceId: text,
    toolCalls: [{ name: text, result: `looked up on main: ${text}`, error: null }],
    llmCalls: [],
    redactions: {},
    truncated: false,
  };
  const at = Date.UTC(2026, 10, 20);
  const answer = `answered on main: ${text}`;
  return { ...origin, main: { v: 1, caseId: text, version: text, commit: text, at, answer, recording } };
}

/** A report in which every text is the given one, with a trial for every row. */
function reportOf(text: string): GateReport {
  const { trace, scores } = traceFullOf(text);
  const row = { caseId: text, scorer: text };
  const named = scores.map((one) => ({ ...one, name: text }));
  const base = report({
    verdict: {
      title: text,
      reasons: [text],
      cases: [
        caseVerdict(row),
        caseVerdict({ ...row, outcome: "fixed" }),
        caseVerdict({ ...row, outcome: "unscored", unscored: 1, blocking: false }),
        caseVerdict({ ...row, outcome: "held", evidence: 0.5 }),
        caseVerdict({ caseId: "faulty", outcome: "undecided" }),
      ],
    },
    notes: [text],
  });
  const results = [
    result({ caseId: text, trace, scores: named }),
    result({ caseId: "faulty", scores: [], fault: { code: "no-trace", message: text } }),
  ];
  return { ...base, run: { ...base.run, dataset: text, commit: text, results } };
}

const pageOf = (given: GateReport, origins: ReadonlyMap<string, CaseOrigin> = new Map()) =>
  [...gatePage(given, { origins, limit: 20 })].join("");

describe("the page of a gate run", () => {
  it("shows production's run beside the change's, of the trial that broke", () => {
    const now = (output: string) => makeTrace({ output, toolCalls: [{ name: "get_order", result: output }] });
    const results = [
      result({ trial: 1, trace: now("right now"), scores: [score({ value: 1 })] }),
      result({ trial: 2, trace: now("wrong now"), scores: [score()] }),
      result({ trial: 3, trace: now("right again"), scores: [score({ value: 1 })] }),
    ];
    const origins = new Map([["refund-limit", originOf("A-12")]]);
    const { text } = parsePage(
      pageOf(
        report({ verdict: { evidence: 302, cases: [caseVerdict({ evidence: 5e30 })] }, results }),
        origins,
      ),
    );
    expect(text).toContain("302");
    expect(text).toContain("> 1000");
    const [then = "", after = ""] = text.split("Now, with this change");
    expect(then).toContain("looked up then: A-12");
    expect(then).toContain("answered then: A-12");
    expect(after).toMatch(/^, trial 2/);
    expect(after).toContain("wrong now");
    expect(text).toContain("The answer names order A-12, the tool returned A-21.");
    expect(text).not.toContain("right again");
    expect(text).not.toMatch(/\de[+-]\d/);
  });

  it("shows main's own run beside the change's where one is known, and production's below", () => {
    const results = [result({ trace: makeTrace({ output: "wrong now" }), scores: [score()] })];
    const { text } = parsePage(
      pageOf(
        report({ verdict: { cases: [caseVerdict()] }, results }),
        new Map([["refund-limit", withMain("A-12")]]),
      ),
    );
    const [then = "", after = ""] = text.split("Now, with this change");
    expect(then).toContain("Then, on main");
    expect(then).toContain("looked up on main: A-12");
    expect(then).toContain("answered on main: A-12");
    expect(then).toContain("Passed on 2026-11-20, commit A-12");
    expect(then).not.toContain("answered then");
    expect(after).toMatch(/wrong now.*In production, when the case was made.*answered then: A-12/s);
  });

  it("shows a fixed case by a trial that passed, and a faulty one by its fault", () => {
    const results = [
      result({ trial: 1, trace: makeTrace({ output: "good" }), scores: [score({ value: 1 })] }),
      result({ trial: 2, trace: makeTrace({ output: "bad" }), scores: [score()] }),
      result({ caseId: "faulty", scores: [], fault: { code: "no-trace", message: "It sent no span." } }),
    ];
    const cases = [caseVerdict({ outcome: "fixed" }), caseVerdict({ caseId: "faulty", outcome: "unscored" })];
    const { text } = parsePage(pageOf(report({ verdict: { cases }, results })));
    expect(text).toContain("good");
    expect(text).not.toContain("bad");
    expect(text).toContain("It sent no span.");
  });

  it("makes no markup, attribute or address out of anything that the run says", () => {
    const elements = new Set<string>();
    const attributes = new Set<string>();
    for (const { name, attributes: own } of parsePage(pageOf(reportOf("x"), new Map([["x", withMain("x")]])))
      .tags) {
      elements.add(name);
      for (const key of own.keys()) attributes.add(key);
    }
    expect(elements).not.toContain("script");
    const pieces = fc.constantFrom(
      "<script>alert(1)</script>",
      '" onclick="alert(1)',
      "' onclick='alert(1)",
      "</title></svg></style>",
      "<!--",
      "]]>",
      "&lt;",
      "https://evil.example/",
      "\u0000\u001b[2J\u202e",
      "\ud800",
    );
    fc.assert(
      fc.property(
        fc.array(fc.oneof(pieces, fc.string({ unit: "binary" })), { minLength: 1, maxLength: 6 }),
        (list) => {
          const hostile = list.join("");
          const { tags } = parsePage(pageOf(reportOf(hostile), new Map([[hostile, withMain(hostile)]])));
          const strange = tags.filter(
            ({ name, attributes: own }) =>
              !elements.has(name) || [...own.keys()].some((key) => !attributes.has(key)),
          );
          expect(strange).toEqual([]);
          expect(unbalanced(tags)).toEqual([]);
        },
      ),
      { numRuns: 30, seed: 20261120 },
    );
  });

  it("needs nothing else, and shows at most sixty cases with their traces", () => {
    const cases = Array.from({ length: 100 }, (_, index) => caseVerdict({ caseId: `case-${index}` }));
    const page = pageOf(report({ verdict: { cases } }));
    expect(page).toContain("Content-Security-Policy\" content=\"default-src 'none'");
    expect(page).not.toMatch(/<script|<link|<iframe|<img|\ssrc=|\sstyle=|@import|url\(/i);
    expect(page.match(/<details class="trace"/g)).toHaveLength(60);
    expect(page).toContain("40 more cases without traces here");
  });
});
