import { styleText } from "node:util";
import { destination, pino } from "pino";

import type { ScoredTraceResult } from "../../app/score-traces.ts";
import { passed } from "../../core/score.ts";
import { plain } from "./plain.ts";

/** What a long-running command says while it runs. */
export interface Log {
  info(message: string): void;
  fault(message: string): void;
  /** A trace was scored. */
  scored(result: ScoredTraceResult): void;
}

/** Lines for people on a terminal; JSON lines with the trace id elsewhere. Both on stderr. */
export function startLog(stream: NodeJS.WriteStream = process.stderr): Log {
  return stream.isTTY ? terminalLog(stream) : jsonLog();
}

function terminalLog(stream: NodeJS.WriteStream): Log {
  const say = (text: string) =>
    stream.write(`${styleText("dim", new Date().toTimeString().slice(0, 8))} ${text}\n`);
  return {
    info: say,
    fault: (message) => say(styleText("yellow", plain(message))),
    scored({ trace, scores }) {
      const failing = scores.filter((score) => passed(score) === false);
      const why = failing.map((score) => `${score.name}: ${score.explanation ?? score.value}`).join("; ");
      const state = failing.length > 0 ? styleText("red", "failed") : styleText("green", "passed");
      say(
        `${trace.traceId.slice(0, 12)} ${plain(trace.agent.name ?? trace.name)} ${state} ${plain(why)}`.trimEnd(),
      );
    },
  };
}

function jsonLog(): Log {
  const stderr = destination({ dest: 2, sync: true });
  // A log that nobody reads any more must not end the work it tells of.
  stderr.on("error", () => {});
  const logger = pino({ base: null, timestamp: pino.stdTimeFunctions.isoTime }, stderr);
  return {
    info: (message) => logger.info(message),
    fault: (message) => logger.warn(message),
    scored({ trace, scores }) {
      const failed = scores.flatMap((score) => (passed(score) === false ? [score.name] : []));
      const { traceId, revision } = trace;
      logger.info(
        { traceId, revision, scores: scores.length, failed },
        failed.length > 0 ? "failed" : "passed",
      );
    },
  };
}
