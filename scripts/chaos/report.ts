import type { Tally } from "./tally.ts";

/** One count, and what it has to be. */
export interface Line {
  readonly what: string;
  readonly count: number;
  /** The only right count; absent: told for information. */
  readonly must?: number;
  /** Traces to look at when it is not. */
  readonly traceIds?: readonly string[];
}

/** What is told beside the tally. */
export interface Happened {
  readonly planned: { readonly kills: number; readonly redis: number; readonly postgres: number };
  readonly kills: number;
  readonly redis: number;
  readonly postgres: number;
  readonly sink: number;
  /** Requests of the sender that failed and were sent again, and those sent again although they were answered. */
  readonly sentAgain: number;
  readonly repeatedSends: number;
  /** Requests that the sink did not take. */
  readonly sinkRefused: number;
  readonly deliveries: number;
  /** Deliveries of other traces: the workers' own about their judge calls. */
  readonly callReports: number;
  readonly calls: number;
  /** Calls that met a fault. */
  readonly failedCalls: number;
  /** Processes that ended without being asked, and those that did not stop in order. */
  readonly ended: number;
  readonly notStopped: number;
  /** In-doubt rows of the ledger, and those it lacks. */
  readonly inDoubtRows: number;
  readonly notInLedger: readonly string[];
}

/** The table's lines. */
export function linesOf(counted: Tally, happened: Happened): readonly Line[] {
  const { planned } = happened;
  const repeats = (what: string, found: Tally["paidAgain"], must?: number): Line => ({
    what,
    count: found.times,
    traceIds: found.traceIds,
    ...(must !== undefined && { must }),
  });
  return [
    { what: "workers killed with SIGKILL", count: happened.kills, must: planned.kills },
    { what: "Redis restarts", count: happened.redis, must: planned.redis },
    { what: "PostgreSQL restarts", count: happened.postgres, must: planned.postgres },
    { what: "sink away", count: happened.sink, must: 1 },
    { what: "  requests it did not take", count: happened.sinkRefused },
    { what: "processes that ended by themselves", count: happened.ended },
    { what: "processes that did not stop on SIGTERM", count: happened.notStopped, must: 0 },
    { what: "traces sent", count: counted.sent },
    { what: "  requests that failed and were sent again", count: happened.sentAgain },
    { what: "  requests repeated after their 200", count: happened.repeatedSends },
    { what: "traces scored", count: counted.scored, must: counted.sent },
    { what: "traces lost", count: counted.lost.length, must: 0, traceIds: counted.lost },
    { what: "scores at the sink", count: counted.scores, must: counted.expectedScores },
    repeats("  doubled: another decision under the same id", counted.contradicted, 0),
    { what: "deliveries to the sink", count: happened.deliveries },
    repeats("  repeated, in flight at a kill", counted.deliveredAgainAfterKill),
    repeats("  repeated, any other cause", counted.deliveredAgain, 0),
    { what: "reports of judge calls to the sink", count: happened.callReports },
    { what: "judge calls", count: happened.calls },
    { what: "  that met a fault", count: happened.failedCalls },
    { what: "  answered and paid", count: counted.paid },
    repeats("  repeated, in flight at a kill", counted.paidAgainAfterKill),
    repeats("  repeated, any other cause", counted.paidAgain, 0),
    { what: "longest time from such a first one to the kill, ms", count: counted.longestInFlightMs },
    { what: "questions asked again in doubt", count: counted.inDoubt.length },
    { what: "  rows of the ledger in state in-doubt", count: happened.inDoubtRows },
    {
      what: "  of which the ledger does not say so",
      count: happened.notInLedger.length,
      must: 0,
      traceIds: happened.notInLedger,
    },
  ];
}

/** Those that are not what they have to be. */
export function wrongOf(lines: readonly Line[]): readonly Line[] {
  return lines.filter(({ count, must }) => must !== undefined && must !== count);
}

/** As text, one line each. */
export function tableOf(lines: readonly Line[]): string {
  const width = Math.max(...lines.map(({ what }) => what.length));
  return lines
    .map(({ what, count, must }) => {
      const said = must === undefined ? "" : must === count ? "  ok" : `  WRONG, must be ${must}`;
      return `${what.padEnd(width)}  ${String(count).padStart(7)}${said}`;
    })
    .join("\n");
}
