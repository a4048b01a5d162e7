import { contentHash } from "../../src/core/ids.ts";
import type { ModelRequest } from "../../src/llmwire/model-request.ts";
import { EVERY, FOURTH, numberIn } from "./chaos-traces.ts";

/** What a judge is asked. */
export interface AskedQuestion {
  readonly scorer: string;
  /** Of the trace. */
  readonly number: number;
  /** The same for the same request, from whichever process: all of it but the number of the fence, which is one's own. */
  readonly question: string;
}

/**
 * Which judge asks about which trace, and what exactly: a second try after an unusable answer asks something else.
 *
 * @throws Error when it cannot be told: nothing may go uncounted
 */
export function askedIn(request: Pick<ModelRequest, "body">): AskedQuestion {
  const text = JSON.stringify(request.body);
  const number = numberIn(text);
  // The instructions name the fence too, without its number.
  const fence = /<<trace ([0-9a-f]{8,})>>/.exec(text)?.[1];
  if (number === null || fence === undefined) throw new Error("A judge was asked about no trace of ours.");
  const scorer = text.includes("Was the answer polite?") ? FOURTH : EVERY;
  return { scorer, number, question: contentHash([number, text.replaceAll(fence, "")]) };
}
