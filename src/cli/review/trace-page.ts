import { styleText } from "node:util";

import type { ToolCall, Trace } from "../../core/trace.ts";
import { plain } from "../print/plain.ts";
import { clip } from "../print/table.ts";

/** Longest text shown, in characters. */
const MAX = 2_000;
const MAX_RESULT = 600;

/**
 * A trace for a person who judges it: what was said, what tools were asked and what they gave, the whole answer. No score
 * of anybody is in it.
 */
export function tracePage(trace: Trace): string {
  return [
    styleText("bold", `trace ${trace.traceId}`),
    `  asked: ${shown(trace.input, MAX)}`,
    ...trace.toolCalls.map((call) => `  ${toolLine(call)}`),
    ...trace.retrievals.map(({ documents }) => `  retrieved: ${shown(json(documents), MAX_RESULT)}`),
    `  answered: ${shown(trace.output, MAX)}`,
  ].join("\n");
}

function toolLine(call: ToolCall): string {
  const given = call.error === null ? json(call.result) : `failed, ${call.error.message ?? call.error.type}`;
  return `${plain(call.name)}(${shown(json(call.arguments), MAX_RESULT)}) gave ${shown(given, MAX_RESULT)}`;
}

function json(value: unknown): string | undefined {
  return typeof value === "string" ? value : JSON.stringify(value);
}

function shown(text: string | undefined, most: number): string {
  return text === undefined ? "(not recorded)" : clip(plain(text).trim(), most);
}
