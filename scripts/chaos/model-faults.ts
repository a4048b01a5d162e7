import type { Fault } from "../../src/llmwire/fault.ts";
import type { ModelReply } from "../../src/llmwire/model-request.ts";
import { drawn } from "./plan.ts";

/** Share of calls that do not simply get their answer. */
export const FAULT_SHARE = 0.3;

/** What a call is to meet. `usable`, `slow`, `refused` and `off-schema` cost money, the others do not. */
export type Planned =
  | "usable"
  | "slow"
  | "refused"
  | "off-schema"
  | "rate-limited"
  | "server-error"
  | "bad-request"
  | "cut"
  | "broken-json"
  | "hang";

/** Weights among the faults. */
const FAULTS: readonly (readonly [Planned, number])[] = [
  ["rate-limited", 20],
  ["server-error", 22],
  ["slow", 12],
  ["refused", 10],
  ["off-schema", 10],
  ["cut", 9],
  ["broken-json", 8],
  ["bad-request", 6],
  ["hang", 3],
];

/** After these no header says when to come back, so the next try comes a minute later. A question meets one at the most. */
const LONG: ReadonlySet<Planned> = new Set(["cut", "broken-json", "hang"]);

const PAID: ReadonlySet<Planned> = new Set(["usable", "slow", "refused", "off-schema"]);

/** True when a provider bills a call that ends so. */
export function isPaid(planned: Planned): boolean {
  return PAID.has(planned);
}

/** What try number `attempt` (1, 2, ...) of a question meets. */
export function plannedFor(question: string, attempt: number, seed: number): Planned {
  const planned = drawnFor(question, attempt, seed);
  if (!LONG.has(planned)) return planned;
  const earlier = Array.from({ length: attempt - 1 }, (_, index) => drawnFor(question, index + 1, seed));
  return earlier.some((one) => LONG.has(one)) ? "rate-limited" : planned;
}

function drawnFor(question: string, attempt: number, seed: number): Planned {
  if (drawn(seed, "fails", question, attempt) >= FAULT_SHARE) return "usable";
  const whole = FAULTS.reduce((sum, [, weight]) => sum + weight, 0);
  let left = drawn(seed, "fault", question, attempt) * whole;
  for (const [planned, weight] of FAULTS) {
    left -= weight;
    if (left < 0) return planned;
  }
  return "usable";
}

/** How long a call takes, ms. */
export function latencyOf(planned: Planned, question: string, attempt: number, seed: number): number {
  const part = drawn(seed, "latency", question, attempt);
  return planned === "slow" ? 1_000 + 2_000 * part : 20 + 100 * part;
}

const STATUSES = [500, 502, 503, 529, 408];

/** What is sent. `words` make every answer different, so that a second one shows wherever it arrives. */
export function replyOf(planned: Planned, words: string, attempt: number): ModelReply | Fault {
  const usage = { inputTokens: 400, outputTokens: 30 };
  const headers = { "retry-after-ms": "300" };
  switch (planned) {
    case "usable":
    case "slow":
      return { text: JSON.stringify({ rationale: words, evidence: [], label: "yes" }), usage };
    case "refused":
      return { refusal: words, usage };
    case "off-schema":
      return { text: JSON.stringify({ rationale: words, evidence: [], label: "perhaps" }), usage };
    case "rate-limited":
      return { fault: "status", status: 429, headers };
    case "server-error":
      return { fault: "status", status: STATUSES[attempt % STATUSES.length] ?? 500, headers };
    case "bad-request":
      return { fault: "status", status: 400 };
    default:
      return { fault: planned };
  }
}
