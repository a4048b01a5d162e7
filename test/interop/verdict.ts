import { isDeepStrictEqual } from "node:util";

import type { Trace } from "../../src/core/trace.ts";
import type { ToldStory } from "../conventions/golden/recording.ts";
import { stories } from "../conventions/golden/stories.ts";

/** What became of one field of the story. */
export interface FieldVerdict {
  readonly field: string;
  /** `gap`: the client is known not to send it. */
  readonly verdict: "ok" | "gap" | "wrong";
  readonly read: unknown;
  readonly expected: unknown;
}

/** Every field of the story in a canonical trace. A listed gap that reads right all the same is `wrong`: the list is out of date. */
export function judgeTrace(trace: Trace, told: ToldStory): FieldVerdict[] {
  const { shape = "openai", values = {}, misreports = {}, gaps = {} } = told;
  return Object.entries(stories[told.story] ?? {}).flatMap(([field, asked]): FieldVerdict[] => {
    if (asked.optional && !(field in values) && !(field in gaps) && !(field in misreports)) return [];
    const read = asked.read(trace);
    const expected = misreports[field]?.value ?? (field in values ? values[field] : asked.expected(shape));
    const isRight = isDeepStrictEqual(read, expected);
    if (field in gaps) return [{ field, verdict: isRight ? "wrong" : "gap", read, expected: gaps[field] }];
    return [{ field, verdict: isRight ? "ok" : "wrong", read, expected }];
  });
}
