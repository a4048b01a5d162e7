import { styleText } from "node:util";
import { destination, type Level, pino } from "pino";

import type { ScoredTraceResult } from "../../app/score-traces.ts";
import type { DeliveryTry, FaultDetails } from "../../app/site-events.ts";
import { passed, type Score } from "../../core/score.ts";
import type { SealedTrace } from "../../core/trace-buffer.ts";
import { plain } from "./plain.ts";

/** From the least to the most that is logged. */
export const LOG_LEVELS = ["silent", "error", "warn", "info", "debug"] as const;

/** One of {@link LOG_LEVELS}: `warn` has faults, `info` also scored traces, `debug` also completions and deliveries. */
export type LogLevel = (typeof LOG_LEVELS)[number];

/** What a long-running command says while it runs. */
export interface Log {
  info(message: string): void;
  fault(message: string, details?: FaultDetails): void;
  /** A trace was scored. */
  scored(result: ScoredTraceResult): void;
  /** A trace was complete. */
  completed(trace: SealedTrace): void;
  delivery(delivery: DeliveryTry): void;
}

/** Options of {@link startLog}. */
export interface LogOptions {
  readonly level: LogLevel;
  /** Texts that must never be shown; an error of a service or a provider may quote them. */
  readonly secrets: readonly string[];
  /** Default stderr. */
  readonly stream?: LogStream;
}

/** Where lines go. */
export interface LogStream {
  readonly isTTY?: boolean;
  write(text: string): unknown;
}

type Write = (level: Level, message: string, fields?: Readonly<Record<string, unknown>>) => void;

/** Lines for people on a terminal; JSON lines with the trace id elsewhere. Both on stderr. */
export function startLog({ level, secrets, stream = process.stderr }: LogOptions): Log {
  const hide = (text: string) => secrets.reduce((rest, secret) => rest.replaceAll(secret, "***"), text);
  return stream.isTTY ? terminalLog(stream, level, hide) : jsonLog(level, hide);
}

function terminalLog(stream: LogStream, level: LogLevel, hide: (text: string) => string): Log {
  const most = LOG_LEVELS.indexOf(level);
  const say = (at: LogLevel, text: string) => {
    if (LOG_LEVELS.indexOf(at) > most) return;
    stream.write(`${styleText("dim", new Date().toTimeString().slice(0, 8))} ${text}\n`);
  };
  const short = (traceId: string) => traceId.slice(0, 12);
  return {
    info: (message) => say("info", hide(message)),
    fault: (message) => say("warn", styleText("yellow", plain(hide(message)))),
    scored({ trace, scores }) {
      const failing = scores.filter((score) => passed(score) === false);
      const why = failing.map((score) => `${score.name}: ${score.explanation ?? score.value}`).join("; ");
      const state = styleText(COLOURS[outcomeOf(scores)], outcomeOf(scores));
      const who = plain(hide(trace.agent.name ?? trace.name));
      say("info", `${short(trace.traceId)} ${who} ${state} ${plain(hide(why))}`.trimEnd());
    },
    completed: ({ traceId, reason }) => say("debug", `${short(traceId)} complete: ${reason}`),
    delivery: ({ traceId, sink, outcome }) => say("debug", `${short(traceId)} ${sink}: ${outcome}`),
  };
}

const COLOURS = { failed: "red", passed: "green", unscored: "yellow" } as const;

/** Of the scores that were made now. Without any value nothing passed. */
function outcomeOf(scores: readonly Score[]): keyof typeof COLOURS {
  const verdicts = scores.map(passed);
  if (verdicts.includes(false)) return "failed";
  return scores.length === 0 || verdicts.includes(true) ? "passed" : "unscored";
}

function jsonLog(level: LogLevel, hide: (text: string) => string): Log {
  const write = jsonWriter(level, hide);
  return {
    info: (message) => write("info", message),
    fault: (message, details) => write("warn", message, { ...details }),
    scored({ trace, scores }) {
      const failed = scores.flatMap((score) => (passed(score) === false ? [score.name] : []));
      const { traceId, revision } = trace;
      const unscored = scores.flatMap(({ name, value }) => (value === null ? [name] : []));
      const told = { traceId, revision, scores: scores.length, failed };
      write("info", outcomeOf(scores), { ...told, ...(unscored.length > 0 && { unscored }) });
    },
    completed({ traceId, revision, reason }) {
      write("debug", "complete", { traceId, revision, reason });
    },
    delivery: ({ outcome, ...fields }) => write("debug", outcome, fields),
  };
}

function jsonWriter(level: LogLevel, hide: (text: string) => string): Write {
  const stderr = destination({ dest: 2, sync: true });
  // A log that nobody reads any more must not end the work it tells of.
  stderr.on("error", () => {});
  const options = {
    level,
    base: null,
    timestamp: pino.stdTimeFunctions.isoTime,
    formatters: { level: (label: string) => ({ level: label }) },
  };
  const logger = pino(options, stderr);
  return (at, message, fields = {}) => logger[at](fields, hide(message));
}
