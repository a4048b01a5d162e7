import type { Scorer, Subject } from "../core/scorer.ts";
import type { SessionScorer } from "../core/session-scorer.ts";
import type { Trace } from "../core/trace.ts";
import { makeRedactor, type Redactions } from "../datasets/redact.ts";
import { redactTrace } from "../datasets/redact-trace.ts";

/** The same for scorers of sessions: one value has one mark in all traces of a session. */
export function redactSessionsForJudges(scorers: readonly SessionScorer[]): readonly SessionScorer[] {
  return scorers.map((scorer) => {
    if (scorer.kind !== "judge") return scorer;
    return {
      ...scorer,
      async scoreSession(session, context) {
        const redactor = makeRedactor({ credentials: true });
        const [first, ...more] = session.traces;
        const shown = [
          redactTrace(first, redactor),
          ...more.map((trace) => redactTrace(trace, redactor)),
        ] as const;
        const redactions = redactor.counts();
        const score = await scorer.scoreSession({ ...session, traces: shown }, context);
        if (Object.keys(redactions).length === 0) return score;
        return { ...score, metadata: { ...score.metadata, redactions: { ...redactions } } };
      },
    };
  });
}

interface Redacted {
  readonly trace: Trace;
  readonly redactions: Redactions;
}

/**
 * Scorers of which the judges see traces without personal data and credentials, by the rules that hold for git. Rules see them as
 * they are. All judges see the same object, so it is redacted and rendered once. What was replaced, by rule, is in the
 * score's metadata as `redactions`.
 */
export function redactForJudges(scorers: readonly Scorer[]): readonly Scorer[] {
  const known = new WeakMap<Trace, Redacted>();
  const redacted = (subject: Subject): Redacted => {
    const before = known.get(subject.trace);
    if (before !== undefined) return before;
    const redactor = makeRedactor({ credentials: true });
    // A case has marks of its own, which must not mean something else here.
    if (subject.case !== undefined) redactor.reserve(JSON.stringify(subject.case));
    const trace = redactTrace(subject.trace, redactor);
    const made = { trace, redactions: redactor.counts() };
    known.set(subject.trace, made);
    return made;
  };
  return scorers.map((scorer) => {
    if (scorer.kind !== "judge") return scorer;
    return {
      ...scorer,
      async score(subject, context) {
        const { trace, redactions } = redacted(subject);
        const score = await scorer.score(trace === subject.trace ? subject : { ...subject, trace }, context);
        if (trace === subject.trace) return score;
        return { ...score, metadata: { ...score.metadata, redactions: { ...redactions } } };
      },
    };
  });
}
