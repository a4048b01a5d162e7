import { Hono } from "hono";

import { systemClock } from "../core/clock.ts";
import { TracegateError } from "../core/errors.ts";
import type { Attributes, Span, TraceFragment } from "../core/span.ts";
import { exportResponse } from "../otlp/responses.ts";
import { ByteBudget } from "../receiver/byte-budget.ts";
import { ingest } from "../receiver/ingest.ts";
import { DEFAULT_LIMITS } from "../receiver/limits.ts";
import { type HttpApp, listen } from "../receiver/listen.ts";
import { discardRest } from "../receiver/read-body.ts";
import type { IngestSetting } from "../receiver/take-export.ts";
import { Tally } from "../receiver/tally.ts";
import { type CollectedCounts, CollectedSpans } from "./collected-spans.ts";

/** How a {@link Collector} fails a request on purpose. */
export type PlannedFailure =
  /** Answers this status. */
  | { readonly status: number; readonly retryAfterS?: number; readonly message?: string }
  /** Answers 200 with a partial success that rejects this many spans. */
  | { readonly rejectedSpans: number; readonly message?: string }
  /** Reads the request and never answers, until the collector is closed. */
  | "hang";

/** Options of {@link startCollector}. */
export interface CollectorOptions {
  /** Default 0: a free one. */
  readonly port?: number;
  /** False: keep ids, counts and root attributes only, for runs with much data. Default true. */
  readonly keepSpans?: boolean;
}

/** An OTLP/HTTP backend that remembers what it was sent. */
export interface Collector {
  /** E.g. `http://127.0.0.1:40123`. */
  readonly url: string;
  /** Spans in the order of arrival, repeats included; none with `keepSpans: false`. */
  spans(): readonly Span[];
  /** Attributes of the newest span that carries the trace's scores, else of its root; null when none arrived. */
  rootAttributes(traceId: string): Attributes | null;
  /** Distinct ids of the scores that arrived in evaluation events. */
  scoreIds(): ReadonlySet<string>;
  counts(): CollectedCounts;
  /** Headers of the requests, newest last, at most 100. */
  headers(): readonly Readonly<Record<string, string>>[];
  /**
   * Resolves as soon as the predicate holds; it is asked after every request, and when one hangs.
   *
   * @throws Error after `timeoutMs` (default 10,000), with the counts
   */
  waitFor(predicate: (collector: Collector) => boolean, timeoutMs?: number): Promise<void>;
  /** Fails the next requests; further calls add to the plan. */
  failNext(count: number, failure: PlannedFailure): void;
  close(): Promise<void>;
}

/** Starts a {@link Collector} on loopback. */
export async function startCollector(options: CollectorOptions = {}): Promise<Collector> {
  const state = new CollectorState(options.keepSpans ?? true);
  const listener = await listen(() => state.app(), {
    host: "127.0.0.1",
    port: options.port ?? 0,
    limits: DEFAULT_LIMITS,
  });
  const collector: Collector = {
    url: listener.url,
    spans: () => state.collected.spans,
    rootAttributes: (traceId) => state.collected.rootAttributes(traceId),
    scoreIds: () => state.collected.scoreIds,
    counts: () => state.collected.counts(state.requests),
    headers: () => state.headers,
    failNext: (count, failure) => state.plan.push(...Array.from({ length: count }, () => failure)),
    waitFor: (predicate, timeoutMs = 10_000) => state.until(() => predicate(collector), timeoutMs),
    close: async () => {
      state.close();
      await listener.close(1_000);
    },
  };
  return collector;
}

class CollectorState {
  readonly collected: CollectedSpans;
  readonly plan: PlannedFailure[] = [];
  readonly headers: Readonly<Record<string, string>>[] = [];
  requests = 0;
  readonly #changed = new EventTarget();
  readonly #closed = Promise.withResolvers<void>();
  readonly #setting: IngestSetting = {
    limits: DEFAULT_LIMITS,
    budget: new ByteBudget(DEFAULT_LIMITS.inflightBytes),
    tally: new Tally(),
    clock: systemClock,
  };

  constructor(keepSpans: boolean) {
    this.collected = new CollectedSpans(keepSpans);
  }

  app(): HttpApp {
    const app: HttpApp = new Hono();
    app.post("/v1/traces", async (context) => {
      this.requests += 1;
      this.headers.push(context.req.header());
      if (this.headers.length > 100) this.headers.shift();
      const failure = this.plan.shift();
      if (failure === "hang") this.#changed.dispatchEvent(new Event("changed"));
      const { incoming } = context.env;
      const response = await (failure ? this.#fail(failure, incoming) : this.#take(incoming));
      this.#changed.dispatchEvent(new Event("changed"));
      return response;
    });
    return app;
  }

  close(): void {
    this.#closed.resolve();
  }

  until(holds: () => boolean, timeoutMs: number): Promise<void> {
    const { promise, resolve, reject } = Promise.withResolvers<void>();
    const look = () => {
      if (holds()) resolve();
    };
    const timer = setTimeout(() => {
      const counts = JSON.stringify(this.collected.counts(this.requests));
      reject(new TracegateError("unavailable", `Not seen within ${timeoutMs} ms; arrived so far: ${counts}`));
    }, timeoutMs);
    this.#changed.addEventListener("changed", look);
    look();
    return promise.finally(() => {
      clearTimeout(timer);
      this.#changed.removeEventListener("changed", look);
    });
  }

  #take(incoming: Parameters<typeof ingest>[0]): Promise<Response> {
    const accept = async (fragments: readonly TraceFragment[]) => this.collected.add(fragments);
    return ingest(incoming, accept, this.#setting);
  }

  async #fail(failure: PlannedFailure, incoming: Parameters<typeof ingest>[0]): Promise<Response> {
    await discardRest(incoming, DEFAULT_LIMITS.wireBytes, 10_000);
    if (failure === "hang") {
      await this.#closed.promise;
      return new Response(null, { status: 503 });
    }
    const message = failure.message ?? "planned failure";
    const headers = { "Content-Type": "application/json" };
    if ("rejectedSpans" in failure) {
      const body = exportResponse("json", { rejected: failure.rejectedSpans, reason: message });
      return new Response(new Uint8Array(body), { headers });
    }
    const { status, retryAfterS } = failure;
    return new Response(JSON.stringify({ message }), {
      status,
      headers: retryAfterS === undefined ? headers : { ...headers, "Retry-After": String(retryAfterS) },
    });
  }
}
