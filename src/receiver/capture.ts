import { type Clock, systemClock } from "../core/clock.ts";
import { TracegateError } from "../core/errors.ts";
import type { SpanCapture } from "../core/run.ts";
import { ByteBudget } from "./byte-budget.ts";
import { DEFAULT_LIMITS, type ReceiverLimits } from "./limits.ts";
import { type Listener, listen } from "./listen.ts";
import { type OpenTrial, OpenTrials } from "./open-trials.ts";
import { requireTokenBeyondLoopback } from "./require-token.ts";
import type { IngestSetting } from "./take-export.ts";
import { Tally } from "./tally.ts";
import { TrialSpans } from "./trial-spans.ts";

/** Options of {@link openCapture}. */
export interface CaptureOptions {
  /** A loopback address. Default `127.0.0.1`. */
  readonly host?: string;
  /** Default 0: a free one. The configuration calls it `gate.port`. */
  readonly port?: number;
  /** Quiet time after the root has ended and all parents are known, ms. Default 150. */
  readonly settleMs?: number;
  /** Bytes of spans one trial may send. Default 256 MiB. */
  readonly maxTrialBytes?: number;
  readonly limits?: Partial<ReceiverLimits>;
  readonly clock?: Clock;
}

/**
 * Opens one port with an OTLP endpoint per trial: `<url>/case/<trial>`, to which exporters add
 * `/v1/traces` or `/v1/logs`; the other paths that the receiver knows are taken below it too. At `<url>` itself
 * a process that serves many trials sends spans and logs; they are joined to the open trials by trace id, and those of
 * other traces are dropped.
 *
 * `collect` resolves at once when the sender said that the trace is complete (span attribute
 * `tracegate.trace.complete`, or `POST <endpoint>/v1/traces/<trace id>/complete`); after `settleMs` of
 * quiet when every trace has an ended root and all parents; else after `quietMs` without a new span. It
 * rejects with the signal's reason when that fires. Afterwards the endpoint answers 404.
 *
 * @throws TracegateError `config` when the port cannot be had or the host is not loopback
 */
export async function openCapture(options: CaptureOptions = {}): Promise<SpanCapture> {
  const { host = "127.0.0.1", port = 0, settleMs = 150, maxTrialBytes = 256 * 1024 * 1024 } = options;
  requireTokenBeyondLoopback(host, undefined);
  const limits = { ...DEFAULT_LIMITS, ...options.limits };
  const setting: IngestSetting = {
    limits,
    budget: new ByteBudget(limits.inflightBytes),
    tally: new Tally(),
    clock: options.clock ?? systemClock,
  };
  const trials = new OpenTrials();
  // An agent that sends nothing shall not pay for what would take it.
  const app = async () => (await import("./capture-app.ts")).captureApp(trials, setting);
  const listener = await listen(app, { host, port, key: "gate.port", limits });
  return new Capture(trials, listener, { settleMs, maxTrialBytes });
}

class Capture implements SpanCapture {
  readonly #trials: OpenTrials;
  readonly #listener: Listener;
  readonly #options: { readonly settleMs: number; readonly maxTrialBytes: number };

  constructor(
    trials: OpenTrials,
    listener: Listener,
    options: { readonly settleMs: number; readonly maxTrialBytes: number },
  ) {
    this.#trials = trials;
    this.#listener = listener;
    this.#options = options;
  }

  open(trialId: string, parent?: { readonly traceId: string; readonly spanId: string }) {
    if (this.#trials.get(trialId) !== undefined) {
      throw new TracegateError("internal", `Trial "${trialId}" is open already. Give each trial its own id.`);
    }
    const spans = new TrialSpans(this.#options.maxTrialBytes, parent?.spanId);
    this.#trials.add(trialId, { spans, changed: () => {}, cancel: () => {} }, parent?.traceId);
    const { url } = this.#listener;
    return { endpoint: `${url}/case/${encodeURIComponent(trialId)}`, sharedEndpoint: url };
  }

  unclaimed(): number {
    return this.#trials.unclaimed;
  }

  async collect(
    trialId: string,
    options: { readonly quietMs: number; readonly settleMs?: number; readonly signal: AbortSignal },
  ): Promise<readonly Uint8Array[]> {
    const trial = this.#trials.get(trialId);
    if (trial === undefined) {
      throw new TracegateError("not-found", `Trial "${trialId}" is not open: open it before collecting.`);
    }
    try {
      await quiet(trial, { settleMs: this.#options.settleMs, ...options });
      return trial.spans.chunks;
    } finally {
      this.#trials.remove(trialId);
    }
  }

  async close(): Promise<void> {
    const reason = new TracegateError(
      "unavailable",
      "The capture was closed before the trial's trace arrived.",
    );
    for (const trial of this.#trials.values()) trial.cancel(reason);
    await this.#listener.close(1_000);
  }
}

/** Resolves when the trial's traces are complete or nothing has arrived for long enough. */
function quiet(
  trial: OpenTrial,
  options: { readonly quietMs: number; readonly settleMs: number; readonly signal: AbortSignal },
): Promise<void> {
  const { quietMs, settleMs, signal } = options;
  return new Promise((resolve, reject) => {
    let timer: NodeJS.Timeout | undefined;
    let turn: NodeJS.Immediate | undefined;
    const end = (settle: () => void) => {
      clearTimeout(timer);
      clearImmediate(turn);
      signal.removeEventListener("abort", aborted);
      settle();
    };
    const aborted = () => end(() => reject(signal.reason));
    trial.cancel = (reason) => end(() => reject(reason));
    trial.changed = () => {
      clearTimeout(timer);
      clearImmediate(turn);
      const { state } = trial.spans;
      const waitMs = state === "settling" ? Math.min(settleMs, quietMs) : quietMs;
      if (state === "complete") end(resolve);
      // A timer takes a millisecond at the least, and a trial that sends nothing may take less.
      else if (waitMs === 0) turn = setImmediate(() => end(resolve));
      else timer = setTimeout(() => end(resolve), waitMs);
    };
    signal.addEventListener("abort", aborted);
    if (signal.aborted) aborted();
    else trial.changed();
  });
}
