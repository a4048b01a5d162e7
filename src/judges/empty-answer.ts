import type { Trace } from "../core/trace.ts";

/**
 * Openings without anything behind them. "One token to fool them all" (arXiv 2507.08794) found such answers to be judged right in up to
 * 90 % of the cases; the phrases of other languages are its own.
 */
const OPENINGS =
  /^(?:thought process|let'?s (?:solve|think)[^.:]{0,60}|solution|final answer|answer|the answer is|step 1|解|解答|答案|かいせつ|解説|Respuesta|Solución|Antwort|Lösung|Réponse|Ответ|Решение)\s*[:：.…]*$/iu;

/**
 * Why the final answer says nothing, in a sentence; null when it says something, when nobody recorded it, or when the
 * run ended with a tool that may have spoken instead.
 */
export function emptiness({ output, messages }: Pick<Trace, "output" | "messages">): string | null {
  if (output === undefined) return null;
  const last = messages.at(-1);
  const endedByTool = last?.role === "tool" || last?.parts.some((part) => part.type === "tool_call");
  if (endedByTool === true) return null;
  const text = output.trim();
  if (text === "") return "The final answer is empty; decided by rule, no judge was asked.";
  const says = /[\p{L}\p{N}\p{Extended_Pictographic}]/u.test(text) && !OPENINGS.test(text);
  if (says) return null;
  return `The final answer, ${JSON.stringify(text.slice(0, 60))}, says nothing; decided by rule, no judge was asked.`;
}
