import type { MetricSet } from "./metric-set.ts";
import type { SiteLevels } from "./site-probe.ts";

/** Scorers of the configuration that pauses and open decisions are told of; a store keeps those of former ones too. */
const MOST_SCORERS = 100;

/**
 * Sets what is read from buffer, queue and store when somebody asks. Of a part that did not answer there are no figures, so
 * that old ones are not taken for new.
 *
 * @param now Unix ms
 */
export function setLevels(metrics: MetricSet, levels: SiteLevels, now: number): void {
  const { buffer, queue, store } = levels;
  const { bufferTraces, bufferBytes, queueJobs, queueOldest, outbox, retries, decisions, paused } = metrics;
  const { batchQuestions, batches } = metrics;
  for (const gauge of [bufferTraces, queueJobs, decisions, paused, batchQuestions]) gauge.reset();
  for (const gauge of [bufferBytes, queueOldest, outbox, retries, batches]) gauge.remove();
  for (const service of ["buffer", "queue", "store"] as const)
    metrics.reachable.set({ service }, levels[service] === null ? 0 : 1);
  if (buffer !== null) {
    bufferTraces.set({ state: "open" }, buffer.open);
    bufferTraces.set({ state: "sealed" }, buffer.sealed);
    bufferBytes.set(buffer.bytes);
  }
  if (queue !== null) {
    for (const state of ["waiting", "active", "delayed", "dead"] as const)
      queueJobs.set({ state }, queue[state]);
    queueOldest.set(queue.oldestAt === null ? 0 : Math.max(0, now - queue.oldestAt) / 1_000);
  }
  if (store !== null) {
    outbox.set(store.waiting.deliveries);
    retries.set(store.waiting.retries);
    for (const state of ["waiting", "sent"] as const) batchQuestions.set({ state }, store.batchCounts[state]);
    batches.set(store.batchCounts.batches);
    for (const { scorer } of store.pauses.slice(0, MOST_SCORERS))
      paused.set({ scorer: scorer.slice(0, 100) }, 1);
    const scorers = new Set(store.decisions.map(({ scorer }) => scorer).slice(0, MOST_SCORERS));
    for (const { scorer, state, rows } of store.decisions)
      if (scorers.has(scorer)) decisions.inc({ scorer: scorer.slice(0, 100), state }, rows);
  }
}
