import type { Case } from "../../src/core/case.ts";
import { textMessage } from "../../src/core/message.ts";

/** A harvested case of a few fields. */
export function caseOf(id: string, fields: Partial<Case> = {}): Case {
  return {
    v: 1,
    id,
    input: { messages: [textMessage("user", `Question ${id}?`)] },
    mustPass: ["tool-errors"],
    tags: [],
    source: {
      kind: "trace",
      traceId: "0123456789abcdef0123456789abcdef",
      endedAt: "2026-11-20T10:00:00.000Z",
      condemned: [
        { scorer: "tool-errors", version: "1", value: 0, label: null, explanation: "A tool call failed." },
      ],
    },
    ...fields,
  };
}
