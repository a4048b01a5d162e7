import { checkScorer } from "../core/check-scorer.ts";
import type { Scorer } from "../core/scorer.ts";
import type { Session, SessionScorer } from "../core/session-scorer.ts";
import type { ScorerOptions } from "./define-scorer.ts";
import { joinTraces } from "./join-traces.ts";
import { type Returned, scoreOf } from "./score-of.ts";

/** What a session scorer's function is given. */
export interface SessionScorerInput extends Session {
  /** Fires when the scorer's time is up or the process stops. Pass it on to whatever you wait for. */
  readonly signal: AbortSignal;
}

/**
 * Makes a rule scorer of conversations; see `defineScorer` for what the function may return. For a question to a judge, see
 * {@link overSession}.
 *
 * @throws TracegateError `config` when the name is not kebab-case, or an option is out of range.
 *
 * @example
 * export const settledSoon = defineSessionScorer("settled-soon", {}, ({ traces }) => traces.length <= 5);
 */
export function defineSessionScorer(
  name: string,
  options: ScorerOptions,
  score: (input: SessionScorerInput) => Returned | Promise<Returned>,
): SessionScorer {
  const { version = "1", passAt = 0.5, description = "" } = options;
  checkScorer(name, version, passAt);
  const identity = { name, version, kind: "rule", passAt } as const;
  return {
    ...identity,
    description,
    async scoreSession(session, { signal }) {
      const returned = await score({ ...session, signal });
      return scoreOf(identity, joinTraces(session), returned);
    },
  };
}

/**
 * A scorer of traces, rule or judge, for whole conversations: it is shown all traces of the session as one.
 *
 * @param name default: `session-` and the scorer's own.
 *
 * @example
 * overSession(defineJudge("resolved", { question: "Did the user get what they came for?", labels: { yes: 1, no: 0 } }));
 */
export function overSession(scorer: Scorer, name: string = `session-${scorer.name}`): SessionScorer {
  const { score, weight: _weight, ...identity } = scorer;
  checkScorer(name, scorer.version, scorer.passAt);
  return {
    ...identity,
    name,
    async scoreSession(session, context) {
      return { ...(await score({ trace: joinTraces(session) }, context)), name };
    },
  };
}
