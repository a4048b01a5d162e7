import type { Config } from "../config/schema.ts";
import { systemClock } from "../core/clock.ts";
import { TracegateError } from "../core/errors.ts";
import type { Store } from "../core/store.ts";
import { redactSessionsForJudges } from "../pipeline/redact-for-judges.ts";
import type { Repeating } from "../pipeline/repeat.ts";
import { scoreSession } from "../pipeline/score-session.ts";
import { startSessions } from "../pipeline/session-loop.ts";
import type { LiveEvaluation } from "./evaluate-live.ts";
import { type TellFault, tellThrown } from "./site-events.ts";
import { traceReader } from "./trace-reader.ts";

/** Options of {@link scoreSessions}. */
export interface ScoreSessionsOptions {
  readonly config: Config;
  readonly store: Store;
  readonly evaluation: LiveEvaluation;
  /** Called when scores have been stored that sinks wait for. */
  readonly wakeDelivery: () => void;
  readonly onFault: TellFault;
}

/**
 * Scores sessions when they have been idle; nothing runs when no scorer of sessions is configured.
 *
 * @throws TracegateError `config` when a scorer of sessions is called like one of traces, or another one.
 */
export function scoreSessions({
  config,
  store,
  evaluation,
  wakeDelivery,
  onFault,
}: ScoreSessionsOptions): Repeating {
  const { sessionScorers } = config;
  const scorers = config.privacy.redact.judge ? redactSessionsForJudges(sessionScorers) : sessionScorers;
  if (scorers.length === 0) return { stop: async () => {} };
  const names = [...evaluation.scorers, ...scorers].map(({ name }) => name);
  const twice = names.find((name, index) => names.indexOf(name) !== index);
  if (twice !== undefined) {
    const message = `Two scorers are called "${twice}". The scores of a session are kept with its last trace: give the scorer of sessions another name.`;
    throw new TracegateError("config", message);
  }
  const options = {
    store,
    scorers,
    // A conversation may go on while a batch runs, and with it the question.
    evaluate: evaluation.scoreAtOnce,
    readTrace: traceReader(config),
    sinkNames: config.sinks.map(({ name }) => name),
    clock: systemClock,
    retries: config.worker.judgeRetries,
  };
  return startSessions({
    store,
    clock: systemClock,
    idleMs: config.completion.sessionIdleMs,
    onFault: (error) => tellThrown(onFault, "sweep", "scoring idle sessions", error),
    async score(session, signal, tries) {
      const scored = await scoreSession(session, { ...options, tries }, signal);
      wakeDelivery();
      return scored;
    },
  });
}
