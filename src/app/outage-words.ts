import type { AwayService } from "../core/errors.ts";
import { isScaled, type Place, servicesOf } from "./services.ts";

/** What a process does while a service is away. */
export type Consequences = { readonly [service in AwayService["service"]]: string };

const TAKEN_LATER = "traces are scored when it is back";

/** @param command what the process was started as */
export function outageWords(command: string, place: Place): Consequences {
  const refused = "spans are refused with 503 until it is back, and their senders send them again";
  const feedback = "spans are still taken; feedback is refused with 503 until it is back";
  switch (command) {
    case "receive":
      return { Redis: refused, PostgreSQL: feedback };
    case "work":
      return { Redis: TAKEN_LATER, PostgreSQL: TAKEN_LATER };
    default:
      // With Redis alone only jobs are there.
      return {
        Redis: isScaled(servicesOf(place)) ? refused : `spans are still taken; ${TAKEN_LATER}`,
        PostgreSQL: `${feedback}; ${TAKEN_LATER}`,
      };
  }
}
