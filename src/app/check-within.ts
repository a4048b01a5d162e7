import type { Config } from "../config/schema.ts";
import { TracegateError } from "../core/errors.ts";

const DAY_MS = 86_400_000;

/**
 * Refuses answers that come when there is nothing left to score: a trace is read again when its batch has ended.
 *
 * @throws TracegateError `config` that names both keys
 */
export function checkWithin({
  judging: { withinMs = 0 },
  retention,
}: Pick<Config, "judging" | "retention">): void {
  if (withinMs < retention.payloadDays * DAY_MS) return;
  throw new TracegateError(
    "config",
    `judging.withinMs: answers may come after ${withinMs / DAY_MS} days, and spans are let go after ${retention.payloadDays} (retention.payloadDays), so there would be nothing left to score. Lower the one or raise the other.`,
  );
}
