import { styleText } from "node:util";

import type { Trace, TraceSpan } from "../../core/trace.ts";
import { count, dollars, duration, plain } from "./plain.ts";
import { clip, table } from "./table.ts";

/** Deeper levels are drawn at this depth: an indentation of thousands of columns helps nobody. */
const MAX_INDENT = 24;

/** A trace for people: what it was, its tree with times, tokens, cost and errors, and what it lacks. */
export function traceTree(trace: Trace): string {
  const rows = ordered(trace).map(({ span, depth }) => row(trace, span, depth));
  const tree = table(
    [
      { heading: "SPAN", max: 64 },
      { heading: "START", align: "right" },
      { heading: "TIME", align: "right" },
      { heading: "TOKENS", align: "right" },
      { heading: "USD", align: "right" },
      { heading: "WHAT", max: 80 },
    ],
    rows,
  );
  return [headline(trace), ...exchange(trace), "", tree, ...lacks(trace), ""].join("\n");
}

function headline(trace: Trace): string {
  const usage = [trace.usage.inputTokens ?? "?", trace.usage.outputTokens ?? "?"].join(" / ");
  const facts = [
    trace.agent.name ?? trace.service.name,
    trace.agent.version ?? trace.service.version,
    count(trace.spans.length, "span"),
    duration(trace.durationMs),
    `tokens in / out ${usage}`,
    trace.cost.usd === undefined ? "cost unknown" : dollars(trace.cost.usd),
    trace.completion ? `complete: ${trace.completion}, revision ${trace.revision}` : undefined,
  ];
  return `${styleText("bold", trace.traceId)}  ${plain(facts.filter((fact) => fact !== undefined).join(" · "))}`;
}

function exchange(trace: Trace): string[] {
  return [
    `  asked     ${trace.input === undefined ? "(not recorded)" : clip(plain(trace.input).replace(/\s+/g, " "), 160)}`,
    `  answered  ${trace.output === undefined ? "(not recorded)" : clip(plain(trace.output).replace(/\s+/g, " "), 160)}`,
  ];
}

interface Placed {
  readonly span: TraceSpan;
  readonly depth: number;
}

/** Depth first, children by start time; without recursion, because chains can be thousands deep. */
function ordered(trace: Trace): readonly Placed[] {
  const known = new Set(trace.spans.map((span) => span.spanId));
  const children = Map.groupBy(trace.spans, (span) =>
    span.parentSpanId !== null && known.has(span.parentSpanId) ? span.parentSpanId : "",
  );
  const placed: Placed[] = [];
  const done = new Set<string>();
  const walk = (roots: readonly TraceSpan[]) => {
    const stack: Placed[] = roots.toReversed().map((span) => ({ span, depth: 0 }));
    for (let next = stack.pop(); next; next = stack.pop()) {
      if (done.has(next.span.spanId)) continue;
      done.add(next.span.spanId);
      placed.push(next);
      const depth = next.depth + 1;
      stack.push(...(children.get(next.span.spanId) ?? []).toReversed().map((span) => ({ span, depth })));
    }
  };
  walk(children.get("") ?? []);
  // What is left hangs in a cycle of parents; it is drawn all the same.
  walk(trace.spans.filter((span) => !done.has(span.spanId)));
  return placed;
}

function row(trace: Trace, span: TraceSpan, depth: number): string[] {
  const llm = trace.llmCalls.find((call) => call.spanId === span.spanId);
  const tool = trace.toolCalls.find((call) => call.spanId === span.spanId);
  const error = trace.errors.find((fault) => fault.spanId === span.spanId);
  const what = error
    ? styleText("red", plain(`${error.type}${error.message ? `: ${error.message}` : ""}`))
    : tool
      ? plain(
          `${JSON.stringify(tool.arguments) ?? ""} → ${JSON.stringify(tool.result) ?? "(no result recorded)"}`,
        )
      : llm
        ? plain([llm.model, llm.finishReason].filter(Boolean).join(" "))
        : "";
  const tokens = llm ? `${llm.usage.inputTokens ?? "?"} / ${llm.usage.outputTokens ?? "?"}` : "";
  return [
    `${"  ".repeat(Math.min(depth, MAX_INDENT))}${plain(span.name)}`,
    `+${duration(Math.max(0, span.startTime - trace.startTime))}`,
    duration(span.durationMs),
    tokens,
    llm?.cost === undefined ? "" : dollars(llm.cost),
    what,
  ];
}

function lacks(trace: Trace): string[] {
  const lines = trace.quality.issues.map((issue) => `  ${issue.code}: ${plain(issue.message)}`);
  const missing = trace.quality.missing;
  if (missing.length > 0) lines.push(`  not recorded: ${missing.join(", ")}`);
  return lines.length > 0 ? ["", "quality", ...lines] : [];
}
