import type { Config } from "../config/schema.ts";
import { systemClock } from "../core/clock.ts";
import { TracegateError } from "../core/errors.ts";
import type { DeadJob } from "../core/queue.ts";
import { redriveDead } from "../pipeline/dead-jobs.ts";
import { type Explanation, explain } from "./explain.ts";
import { openQueue } from "./open-queue.ts";
import { openState } from "./open-state.ts";
import type { Place } from "./services.ts";

/** The dead jobs of a state folder. */
export interface DeadLetters {
  /** Newest first. `reason`: only those whose reason contains this text, in any case. */
  list(options: { readonly limit: number; readonly reason?: string }): Promise<readonly DeadJob[]>;
  /**
   * The one whose id this is, or begins like this.
   *
   * @throws TracegateError `not-found` or, for the beginning of several, `usage`.
   */
  find(id: string): Promise<DeadJob>;
  /** What is known of its trace. */
  explain(dead: DeadJob): Promise<Explanation>;
  /** Runs them again with fresh attempts; returns how many were dead. */
  redrive(dead: readonly DeadJob[]): Promise<number>;
  close(): Promise<void>;
}

/** The queue keeps no more. */
const ALL = 10_000;

/** Opens the dead jobs of a configuration, in its state folder or in Redis, beside a running `up`. */
export async function openDeadLetters(config: Config, place: Place): Promise<DeadLetters> {
  const state = await openState(config, place);
  const { queue } = await openQueue(state, { config, ...place }).catch(async (error: unknown) => {
    await state.close();
    throw error;
  });
  return {
    async list({ limit, reason }) {
      if (reason === undefined) return queue.dead(limit);
      const wanted = reason.toLowerCase();
      const fitting = (await queue.dead(ALL)).filter((dead) => dead.reason.toLowerCase().includes(wanted));
      return fitting.slice(0, limit);
    },
    async find(id) {
      const found = (await queue.dead(ALL)).filter((dead) => dead.id === id || dead.id.startsWith(id));
      const [first, second] = found.some((dead) => dead.id === id)
        ? found.filter((dead) => dead.id === id)
        : found;
      if (first === undefined)
        throw new TracegateError("not-found", `No dead job has the id ${id}. See \`tracegate dead list\`.`);
      if (second !== undefined) {
        const ids = found.slice(0, 5).map((dead) => dead.id);
        throw new TracegateError(
          "usage",
          `${id} fits several dead jobs: ${ids.join(", ")}. Give more digits.`,
        );
      }
      return first;
    },
    explain: ({ job }) => explain(job.traceId, state),
    redrive: (dead) => redriveDead(dead, { queue, store: state.store, clock: systemClock }),
    async close() {
      await queue.close();
      await state.close();
    },
  };
}
