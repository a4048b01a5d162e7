import type { Config } from "../config/schema.ts";
import { TracegateError } from "../core/errors.ts";

const DAY_MS = 86_400_000;
/** Questions are put into a batch while half of the providers' day is left. */
const LAST_GATHER_MS = DAY_MS / 2;

/**
 * Refuses answers that come when there is nothing left to score, because a trace is read again when its batch has ended; and
 * gathering so long that it is too late for a batch. What single judges say of `withinMs` is not looked at.
 *
 * @throws TracegateError `config` that names the keys
 */
export function checkWithin({
  judging: { withinMs = 0, batches },
  retention,
}: Pick<Config, "judging" | "retention">): void {
  if (batches.gatherMs >= LAST_GATHER_MS) {
    throw new TracegateError(
      "config",
      `judging.batches.gatherMs: questions would be gathered for ${batches.gatherMs / 3_600_000} hours, and are put into a batch only while 12 of the 24 hours are left that it may take; so all that are needed within a day would be asked at once, at the full price. Use less than ${LAST_GATHER_MS}.`,
    );
  }
  if (withinMs < retention.payloadDays * DAY_MS) return;
  throw new TracegateError(
    "config",
    `judging.withinMs: answers may come after ${withinMs / DAY_MS} days, and spans are let go after ${retention.payloadDays} (retention.payloadDays), so there would be nothing left to score. Lower the one or raise the other.`,
  );
}
