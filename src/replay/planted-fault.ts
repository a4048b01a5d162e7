import type { JsonValue } from "../core/json.ts";
import { makeWrong } from "./make-wrong.ts";
import type { ToolAnswer } from "./tool-answer.ts";

/**
 * A fault put into the recorded answers on purpose.
 *
 * - `error`: the tool fails
 * - `timeout`: nothing comes for `holdMs`, then the tool fails as one that took too long
 * - `empty`: the tool answers, with nothing (`[]` for a list, `""` for a text, else null)
 * - `wrong`: one number, date or id of the answer is another one; the same one in every run
 */
export interface PlantedFault {
  /** Name of the tool; `retrieval` or the memory's operation for those. */
  readonly tool: string;
  readonly kind: "error" | "timeout" | "empty" | "wrong";
  /** Which call of this tool, from 1. Default: every one. */
  readonly call?: number;
  /** `error`: what the tool says. Default `503 Service Unavailable`. */
  readonly message?: string;
  /** `timeout`: ms until it fails. Default 5,000. */
  readonly holdMs?: number;
  /** `wrong`: name of the field to change. Default: one that the seed picks. */
  readonly field?: string;
}

/** Ms a planted time-out holds a call. */
export const HOLD_MS = 5_000;

/** What the tool says instead, and what was done to it. */
export function plant(
  fault: PlantedFault,
  recorded: JsonValue,
  seed: string,
): { readonly answer: ToolAnswer; readonly note: string } {
  const note = `planted on purpose: ${fault.kind} in ${fault.tool}`;
  switch (fault.kind) {
    case "error":
      return {
        answer: { kind: "error", type: "ToolError", message: fault.message ?? "503 Service Unavailable" },
        note,
      };
    case "timeout": {
      const message = `no answer within ${fault.holdMs ?? HOLD_MS} ms`;
      return { answer: { kind: "error", type: "TimeoutError", message }, note };
    }
    case "empty":
      return { answer: { kind: "result", result: emptied(recorded) }, note };
    case "wrong": {
      const wrong = makeWrong(recorded, seed, fault.field);
      if (wrong) return { answer: { kind: "result", result: wrong.result }, note };
      const where = fault.field === undefined ? "" : ` under ${fault.field}`;
      return {
        answer: {
          kind: "diverged",
          message: `A wrong answer was to be planted in ${fault.tool}, but its recorded result holds no number, date or id${where}. Choose another fault or field.`,
        },
        note,
      };
    }
  }
}

function emptied(value: JsonValue): JsonValue {
  if (Array.isArray(value)) return [];
  return typeof value === "string" ? "" : null;
}
