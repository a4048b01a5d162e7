import { join } from "node:path";

import type { ScoredTraceResult } from "../../app/score-traces.ts";
import { up } from "../../app/up.ts";
import { loadConfig } from "../../config/load-config.ts";
import { TracegateError } from "../../core/errors.ts";
import { passed } from "../../core/score.ts";
import type { ModelServer } from "../../llmwire/model-server.ts";
import type { Session } from "../session.ts";
import { judgeEnvironment } from "./judge-environment.ts";
import type { Narrator } from "./narrator.ts";
import { serveTraffic } from "./traffic.ts";
import type { Workspace } from "./workspace.ts";

/** Longest time the scores may take after the last request, ms. */
const PATIENCE_MS = 60_000;

/** Runs a working day of requests against `tracegate up` and waits until every trace is scored. */
export async function scoreTraffic(options: {
  readonly session: Session;
  readonly workspace: Workspace;
  readonly model: ModelServer;
  readonly redis: string | boolean;
  readonly narrator: Narrator;
  readonly commit: string;
  readonly count: number;
}): Promise<{ readonly traces: number; readonly scored: number }> {
  const { session, workspace, model, narrator, count } = options;
  const { config } = await loadConfig({ cwd: workspace.path });
  const results = new Map<string, ScoredTraceResult>();
  const allScored = Promise.withResolvers<void>();
  const running = await up({
    config: { ...config, receiver: { ...config.receiver, port: 0 } },
    cwd: workspace.path,
    environment: judgeEnvironment(session.environment, model),
    redis: options.redis,
    onScored: (result) => {
      results.set(result.trace.traceId, result);
      narrator.progress(`scored ${results.size} of ${count} traces`);
      if (results.size === count) allScored.resolve();
    },
    onFault: (message) => narrator.fault(message),
  });
  let timer: NodeJS.Timeout | undefined;
  try {
    narrator.serving(running.url, model.url, count);
    await serveTraffic({
      workspace: workspace.path,
      count,
      endpoint: running.url,
      modelUrl: model.url,
      agentVersion: options.commit,
      signal: session.signal,
    });
    timer = setTimeout(() => allScored.reject(late(results.size, count, workspace.path)), PATIENCE_MS);
    await Promise.race([allScored.promise, aborted(session.signal)]);
    const failing = [...results.values()]
      .filter(({ scores }) => scores.some((score) => passed(score) === false))
      .toSorted((a, b) => (asked(a) < asked(b) ? -1 : 1));
    const stored = failing[0] && (await running.store.trace(failing[0].trace.traceId));
    narrator.found(failing, results.size, running.queue, stored?.rootAttributes ?? {});
  } finally {
    clearTimeout(timer);
    await running.stop(5_000);
  }
  return { traces: count, scored: results.size };
}

function late(scored: number, count: number, path: string): TracegateError {
  const after = `${PATIENCE_MS / 1_000} s after the last request`;
  return new TracegateError(
    "unavailable",
    `Only ${scored} of ${count} traces were scored ${after}. What arrived is in ${join(path, ".tracegate")}.`,
  );
}

/** Question and answer: an order that does not depend on which request was served first. */
function asked({ trace }: ScoredTraceResult): string {
  return `${trace.input}\n${trace.output}`;
}

function aborted(signal: AbortSignal): Promise<never> {
  return new Promise((_, reject) => {
    if (signal.aborted) reject(signal.reason);
    else signal.addEventListener("abort", () => reject(signal.reason), { once: true });
  });
}
