import { styleText } from "node:util";

import type { Case } from "../../core/case.ts";
import { textOf } from "../../core/message.ts";
import { plain } from "../print/plain.ts";
import { clip } from "../print/table.ts";

/** Longest text of one message shown, in characters. */
const MAX = 1_200;

/** A case for a person who decides about it: what was asked, what was answered, what was wrong. */
export function caseText(one: Case): string {
  const lines = [styleText("bold", one.id)];
  for (const message of one.input.messages) lines.push(`  ${message.role}: ${shown(textOf(message))}`);
  if (one.source.kind === "trace") {
    lines.push(`  the agent answered: ${shown(one.source.answer ?? "(nothing)")}`);
    for (const { scorer, value, label, explanation } of one.source.condemned) {
      lines.push(styleText("red", `  ${scorer} ${label ?? value}: ${shown(explanation ?? "")}`));
    }
    lines.push(styleText("dim", `  trace ${one.source.traceId}, ${one.source.endedAt}`));
  }
  lines.push(`  must pass: ${one.mustPass.join(", ")}`);
  return lines.join("\n");
}

function shown(text: string): string {
  return clip(plain(text).trim(), MAX);
}
