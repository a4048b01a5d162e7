import { expect } from "vitest";

import { type Explanation, explain } from "../../../src/app/explain.ts";
import { openState } from "../../../src/app/open-state.ts";
import type { ScoredTraceResult } from "../../../src/app/score-traces.ts";
import { type Running, up } from "../../../src/app/up.ts";
import { otlp as otlpSink } from "../../../src/backends/otlp/sink.ts";
import { type ConfigInput, configSchema } from "../../../src/config/schema.ts";
import type { Score } from "../../../src/core/score.ts";
import type { Scorer } from "../../../src/core/scorer.ts";
import { defineJudge } from "../../../src/judges/define-judge.ts";
import { openai } from "../../../src/judges/openai.ts";
import type { Fault } from "../../../src/llmwire/fault.ts";
import type { ModelReply } from "../../../src/llmwire/model-request.ts";
import { type ModelServer, startModelServer } from "../../../src/llmwire/model-server.ts";
import { type Collector, startCollector } from "../../../src/testing/collector.ts";
import { temporaryFolder } from "../../store/temporary-folder.ts";

/** What the model says to a judge that asks about a trace. */
export const YES: ModelReply = {
  text: JSON.stringify({ rationale: "It was.", evidence: [], label: "yes" }),
  usage: { inputTokens: 1_000, outputTokens: 50 },
};

/** A judge with two labels. */
export function judgeOf(name: string, question = `${name}?`): Scorer {
  return defineJudge(name, { question, labels: { yes: 1, no: 0 } });
}

/** `up` in this process, with a backend to write to and a model to ask. */
export interface LiveSite {
  readonly running: Running;
  readonly sink: Collector;
  readonly model: ModelServer;
  /** Every result in order, later ones of the same trace too. */
  readonly results: readonly ScoredTraceResult[];
  /** How often the model was asked. */
  asked(): number;
  /** Posts an OTLP body; it must be taken. */
  send(body: Uint8Array): Promise<void>;
  complete(traceId: string): Promise<void>;
  /** The newest scores of a trace, once it has some of this revision. */
  scored(traceId: string, revision?: number): Promise<readonly Score[]>;
  /** What `tracegate why` knows. */
  why(traceId: string): Promise<Explanation>;
  metrics(): Promise<string>;
  stop(): Promise<void>;
}

/** Options of {@link startLive}. */
export interface LiveOptions extends Omit<ConfigInput, "judge" | "sinks"> {
  /** Default: {@link YES} always. `ask` counts from 1. */
  readonly reply?: (ask: number) => ModelReply | Fault;
  /** Default true. */
  readonly hasJudge?: boolean;
}

/** Starts a {@link LiveSite}. All traces are in the sample unless `sampling` says otherwise. */
export async function startLive(options: LiveOptions): Promise<LiveSite> {
  const { reply = () => YES, hasJudge = true, ...given } = options;
  let asks = 0;
  const folder = temporaryFolder();
  const sink = await startCollector();
  const model = await startModelServer({ reply: () => reply(++asks) });
  const env = { OPENAI_API_KEY: "sk-test-0123456789" };
  const judge = openai({ model: "gpt-4o-mini", baseURL: model.openaiBaseUrl, env });
  const config = configSchema.parse({
    receiver: { port: 0, grpcPort: null },
    completion: { afterRootMs: 50 },
    sampling: false,
    ...given,
    ...(hasJudge && { judge }),
    sinks: [otlpSink({ endpoint: sink.url })],
  });
  const results: ScoredTraceResult[] = [];
  const place = { cwd: folder.path, environment: {} };
  const running = await up({ ...place, config, onScored: (result) => results.push(result) });
  return {
    running,
    sink,
    model,
    results,
    asked: () => asks,
    async send(body) {
      const headers = { "Content-Type": "application/x-protobuf" };
      const answer = await fetch(`${running.url}/v1/traces`, {
        method: "POST",
        body: new Uint8Array(body),
        headers,
      });
      expect(answer.status).toBe(200);
    },
    async complete(traceId) {
      await fetch(`${running.url}/v1/traces/${traceId}/complete`, { method: "POST" });
    },
    async scored(traceId, revision = 1) {
      const newest = () =>
        results.findLast(({ trace }) => trace.traceId === traceId && trace.revision === revision)?.scores;
      await expect.poll(newest, { timeout: 20_000, interval: 20 }).toBeDefined();
      return newest() ?? [];
    },
    async why(traceId) {
      const state = await openState(config, place);
      try {
        return await explain(traceId, state);
      } finally {
        await state.close();
      }
    },
    metrics: async () => (await fetch(`${running.url}/metrics`)).text(),
    async stop() {
      await running.stop(2_000);
      await Promise.all([sink.close(), model.close()]);
      folder.remove();
    },
  };
}
