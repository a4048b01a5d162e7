import { existsSync } from "node:fs";
import { describe, expect, it } from "vitest";

import { readObservations } from "../../src/app/read-traces.ts";
import { readTrace } from "../../src/conventions/read-trace.ts";
import type { Subject } from "../../src/core/scorer.ts";
import type { SessionScorer } from "../../src/core/session-scorer.ts";
import { readSpans } from "../../src/otlp/read-spans.ts";
import { writeTraces } from "../../src/otlp/write-traces.ts";
import { redactForJudges, redactSessionsForJudges } from "../../src/pipeline/redact-for-judges.ts";
import { redactSpans } from "../../src/pipeline/redact-spans.ts";
import { defineScorer } from "../../src/scorers/define-scorer.ts";
import { makeTrace } from "../../src/testing/make-trace.ts";

const KEY = `ghp_${"a1B2".repeat(9)}`;
const TEXT = `Mail ann@x.example, my token is ${KEY}`;
const signal = new AbortController().signal;

describe("redaction before a judge", () => {
  const seen: Subject[] = [];
  const rule = defineScorer("rule", (subject) => seen.push(subject) > 0);
  const judge = { ...rule, name: "judge", kind: "judge" as const };

  it("shows judges a trace without personal data and credentials, all of them the same one, and rules the trace itself", async () => {
    const trace = makeTrace({
      input: TEXT,
      toolCalls: [{ name: "mail", arguments: { to: "ann@x.example" } }],
    });
    seen.length = 0;
    const scores = [];
    for (const scorer of redactForJudges([rule, judge, judge]))
      scores.push(await scorer.score({ trace }, { signal }));
    const [own, first, second] = seen.map((subject) => subject.trace);
    expect(own).toBe(trace);
    expect(first).toBe(second);
    expect(first?.input).toBe("Mail [email-1], my token is [github-token-1]");
    expect(first?.toolCalls[0]?.arguments).toEqual({ to: "[email-1]" });
    expect(JSON.stringify(first)).not.toMatch(/ann@|ghp_/);
    expect(first?.traceId).toBe(trace.traceId);
    expect(scores.map(({ metadata }) => metadata.redactions)).toEqual([
      undefined,
      { email: expect.any(Number), "github-token": expect.any(Number) },
      expect.anything(),
    ]);
  });

  it("shows judges of sessions the same, with one mark for one value in all traces", async () => {
    const asked: string[] = [];
    const session: SessionScorer = {
      ...judge,
      async scoreSession({ traces }) {
        asked.push(...traces.map(({ input }) => input ?? ""));
        return judge.score({ trace: traces[0] }, { signal });
      },
    };
    const [shown] = redactSessionsForJudges([session]);
    const traces = ["I am bob@x.example", "I am not bob@x.example but ann@x.example"].map((input) =>
      makeTrace({ input }),
    );
    const [first, second] = traces;
    if (first === undefined || second === undefined) throw new Error("no traces");
    const score = await shown?.scoreSession({ sessionId: "s", traces: [first, second] }, { signal });
    expect(asked).toEqual(["I am [email-1]", "I am not [email-1] but [email-2]"]);
    expect(score?.metadata.redactions).toEqual({ email: expect.any(Number) });
  });

  it("gives the very same trace where there is nothing to replace", async () => {
    const trace = makeTrace({ input: "Where is order W2378156?" });
    seen.length = 0;
    const [scorer] = redactForJudges([judge]);
    expect((await scorer?.score({ trace }, { signal }))?.metadata.redactions).toBeUndefined();
    expect(seen[0]?.trace).toBe(trace);
  });
});

describe("redaction before storage", () => {
  const span = (attributes: Readonly<Record<string, string>>, spanId = "1".repeat(16)) =>
    writeTraces([
      {
        scopeSpans: [
          {
            spans: [
              {
                traceId: "a".repeat(32),
                spanId,
                parentSpanId: null,
                name: "run",
                startTime: 1,
                endTime: 2,
                attributes,
              },
            ],
          },
        ],
      },
    ]);

  it("rewrites the spans and counts by rule; ids and the tree stay", () => {
    const bytes = span({ "gen_ai.input.messages": TEXT, "user.id": "ann@x.example", "session.id": "s-1" });
    const { bytes: redacted, redactions } = redactSpans(bytes);
    const [one] = readSpans(redacted);
    expect(one?.attributes).toEqual({
      "gen_ai.input.messages": "Mail [email-1], my token is [github-token-1]",
      "user.id": expect.stringMatching(/^\[email-[0-9a-f]{16}\]$/),
      "session.id": "s-1",
    });
    expect(redactions).toEqual({ email: 2, "github-token": 1 });
    expect(redactSpans(redacted)).toEqual({ bytes: redacted, redactions: {} });
  });

  it("numbers on where spans of an earlier revision have marks", () => {
    const earlier = redactSpans(span({ said: "ann@x.example" })).bytes;
    const both = Buffer.concat([earlier, span({ said: "bob@x.example" }, "2".repeat(16))]);
    const said = readSpans(redactSpans(both, { hasMarks: true }).bytes).map(
      ({ attributes }) => attributes.said,
    );
    expect(said).toEqual(["[email-1]", "[email-2]"]);
  });
});

const SAMPLE = "../shared/data/traces.sample.jsonl.gz";
const ES = "../shared/data/traces.es.jsonl.gz";

describe("redaction of real traces (left out where ../shared is absent)", () => {
  it.skipIf(!existsSync(SAMPLE))(
    "replaces e-mails and telephone numbers, and breaks no id and no tree",
    async () => {
      const left: Record<string, number> = {};
      for await (const { trace, spans } of readObservations({
        files: [SAMPLE, ES],
        onProblem: () => {},
        signal,
      })) {
        const bytes = writeTraces([
          {
            scopeSpans: [
              { spans: spans.map((one) => ({ ...one, name: one.name, attributes: { ...one.attributes } })) },
            ],
          },
        ]);
        const { bytes: redacted, redactions } = redactSpans(bytes);
        for (const [rule, count] of Object.entries(redactions)) left[rule] = (left[rule] ?? 0) + count;
        const before = readTrace(readSpans(bytes));
        const after = readTrace(readSpans(redacted));
        const ids = ({ toolCalls, spans }: typeof trace) => [
          toolCalls.map(({ callId, name, spanId }) => [callId, name, spanId]),
          spans.map(({ spanId, parentSpanId, type }) => [spanId, parentSpanId, type]),
        ];
        expect(ids(after)).toEqual(ids(before));
        expect([after.sessionId, after.quality]).toEqual([before.sessionId, before.quality]);
        expect(idsIn(after)).toEqual(idsIn(before));
      }
      expect(Object.keys(left).sort()).toEqual(["email", "phone"]);
    },
    60_000,
  );
});

/** Order numbers, hashes and the like: words of letters and digits in what tools were given and gave. */
function idsIn({
  toolCalls,
}: {
  readonly toolCalls: readonly { arguments?: unknown; result?: unknown }[];
}): string[] {
  const text = JSON.stringify(toolCalls.map((call) => [call.arguments, call.result]));
  const personal = /[\w.+-]+@[\w.-]+|\+\d[\d() -]{8,}|\[(?:email|phone)-\d+\]/g;
  return text.replace(personal, " ").match(/\b(?=[A-Z0-9_-]*\d)[A-Z#][A-Z0-9_-]{3,}\b/g) ?? [];
}
