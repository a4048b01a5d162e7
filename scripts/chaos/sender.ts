import { setTimeout as sleep } from "node:timers/promises";

import { type ChaosTrace, chaosTrace } from "./chaos-traces.ts";
import { drawn } from "./plan.ts";

/** Options of {@link sendTraces}. */
export interface SenderOptions {
  readonly traces: number;
  readonly seed: number;
  /** Base addresses of the receivers. */
  readonly receivers: readonly string[];
  /** How far the sender may be ahead of `shown`. */
  readonly ahead: number;
  /** Traces that have got as far as a judge. */
  readonly shown: () => number;
  readonly signal: AbortSignal;
}

/** What the sender knows. */
export interface Sent {
  /** By trace id: those of which every span was answered with 200. */
  readonly traces: Map<string, ChaosTrace>;
  /** Requests answered with 200; those sent once more although they were; those that failed and were sent again. */
  requests: number;
  repeats: number;
  failures: number;
}

const AT_ONCE = 8;
/** Share of the requests that are sent again although they were answered, as an exporter does that missed the answer. */
const REPEATED = 0.05;

/**
 * Sends traces, each cut in two that go to different receivers, until every half is answered with 200.
 *
 * @returns at once; `done` resolves when all are sent.
 */
export function sendTraces(options: SenderOptions): { readonly sent: Sent; readonly done: Promise<void> } {
  const sent: Sent = { traces: new Map(), requests: 0, repeats: 0, failures: 0 };
  let next = 1;
  const lane = async () => {
    while (next <= options.traces && !options.signal.aborted) {
      if (next > options.shown() + options.ahead) {
        await sleep(20);
        continue;
      }
      const trace = chaosTrace(next, options.seed);
      next += 1;
      await sendTrace(trace, options, sent);
    }
  };
  const done = Promise.all(Array.from({ length: AT_ONCE }, lane)).then(() => {});
  return { sent, done };
}

async function sendTrace(trace: ChaosTrace, options: SenderOptions, sent: Sent): Promise<void> {
  const { receivers, seed, signal } = options;
  for (const [part, body] of trace.bodies.entries()) {
    const url = receivers[(trace.number + part) % receivers.length];
    if (!(await sendUntilTaken(`${url}/v1/traces`, body, sent, signal))) return;
    if (drawn(seed, "repeat", trace.number, part) >= REPEATED) continue;
    sent.repeats += 1;
    if (!(await sendUntilTaken(`${url}/v1/traces`, body, sent, signal))) return;
  }
  sent.traces.set(trace.traceId, trace);
}

/** False when it was stopped first. */
async function sendUntilTaken(
  url: string,
  body: Uint8Array,
  sent: Sent,
  signal: AbortSignal,
): Promise<boolean> {
  for (let attempt = 1; !signal.aborted; attempt += 1) {
    const status = await post(url, body);
    if (status === 200) {
      sent.requests += 1;
      return true;
    }
    // Anything else is what an exporter tries again, or the receiver is wrong to refuse it.
    sent.failures += 1;
    await sleep(Math.min(100 * 2 ** attempt, 1_000));
  }
  return false;
}

async function post(url: string, body: Uint8Array): Promise<number | null> {
  try {
    const response = await fetch(url, {
      method: "POST",
      body: new Uint8Array(body),
      headers: { "content-type": "application/x-protobuf" },
      signal: AbortSignal.timeout(15_000),
    });
    await response.arrayBuffer();
    return response.status;
  } catch {
    return null;
  }
}
