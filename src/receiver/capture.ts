import type { HttpBindings } from "@hono/node-server";
import { type Context, Hono } from "hono";

import { type Clock, systemClock } from "../core/clock.ts";
import { TracegateError } from "../core/errors.ts";
import { TRACE_ID } from "../core/ids.ts";
import type { SpanCapture } from "../core/run.ts";
import { encodingOfType, refuse } from "./answer.ts";
import { ByteBudget } from "./byte-budget.ts";
import type { ExportKind } from "./export-kind.ts";
import { exportPaths } from "./export-paths.ts";
import { ingest } from "./ingest.ts";
import { DEFAULT_LIMITS, type ReceiverLimits } from "./limits.ts";
import { type HttpApp, type Listener, listen } from "./listen.ts";
import { type OpenTrial, OpenTrials } from "./open-trials.ts";
import { requireTokenBeyondLoopback } from "./require-token.ts";
import type { Accept, IngestSetting } from "./take-export.ts";
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
  const listener = await listen(captureApp(trials, setting), { host, port, key: "gate.port", limits });
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

function captureApp(trials: OpenTrials, setting: IngestSetting): HttpApp {
  const app: HttpApp = new Hono({ strict: false });
  const unknown = (context: Context<{ Bindings: HttpBindings }>) => {
    const message = "No trial is open at this address; it has ended, or never began.";
    return refuse({ status: 404, message }, encodingOfType(context.req.header("content-type")) ?? "json");
  };
  const take = (context: Context<{ Bindings: HttpBindings }, "/case/:trial">, kind: ExportKind) => {
    const trial = trials.get(context.req.param("trial"));
    if (trial === undefined) return unknown(context);
    const accept: Accept = async (fragments) => {
      trial.spans.add(fragments);
      trial.changed();
    };
    return ingest(context.env.incoming, accept, setting, kind);
  };
  const takeShared: Accept = async (fragments) => trials.takeShared(fragments);
  for (const [path, kind] of exportPaths()) {
    app.post(`/case/:trial${path === "/" ? "" : path}`, (context) => take(context, kind));
    app.post(path, (context) => ingest(context.env.incoming, takeShared, setting, kind));
  }
  app.post("/v1/traces/:traceId/complete", (context) =>
    trials.signalShared(context.req.param("traceId").toLowerCase())
      ? context.body(null, 204)
      : unknown(context),
  );
  app.post("/case/:trial/v1/traces/:traceId/complete", (context) => {
    const trial = trials.get(context.req.param("trial"));
    const traceId = context.req.param("traceId").toLowerCase();
    if (trial === undefined || !TRACE_ID.test(traceId)) return unknown(context);
    trial.spans.signal(traceId);
    trial.changed();
    return context.body(null, 204);
  });
  app.notFound(unknown);
  return app;
}
