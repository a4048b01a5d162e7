import { isAnswer } from "../core/judge.ts";
import { OWN_SERVICE } from "../otlp/split-by-trace.ts";
import { type AttributeInput, double, writeTraces } from "../otlp/write-traces.ts";
import type { JudgeCall } from "./audit-judge.ts";

/**
 * Judge calls as OTLP `TracesData` under our own service, a trace each: a span of kind EVALUATOR (OpenInference) with the fields of
 * OTel `gen_ai.*`, linked to the root span of what was judged. Receivers of ours drop them by the name of the service.
 */
export function judgeCallSpans(calls: readonly JudgeCall[], version: string): Uint8Array {
  return writeTraces([
    {
      resource: { "service.name": OWN_SERVICE, "service.version": version },
      scopeSpans: [{ scope: { name: "tracegate.judge", version }, spans: calls.map(spanOf) }],
    },
  ]);
}

function spanOf(
  call: JudgeCall,
): Parameters<typeof writeTraces>[0][number]["scopeSpans"][number]["spans"][number] {
  const { traceId, spanId, startTime, endTime, question, result } = call;
  const { scorer, subject, subjectSpanId } = question;
  const failed = isAnswer(result) ? null : result;
  return {
    traceId,
    spanId,
    startTime,
    endTime,
    name: `evaluate ${scorer}`,
    kind: "client",
    status: failed ? { code: "error", message: failed.reason } : { code: "ok" },
    attributes: { ...asked(call), ...answered(call), ...paid(call) },
    links:
      subject === undefined || subjectSpanId === undefined
        ? []
        : [{ traceId: subject, spanId: subjectSpanId, attributes: { "tracegate.link": "judged" } }],
  };
}

function asked({ provider, model, question, batch }: JudgeCall): AttributeInput {
  const { scorer, version, instructions, content, labels, subject, tier } = question;
  const text = (role: string, words: string) => [{ role, parts: [{ type: "text", content: words }] }];
  return {
    "openinference.span.kind": "EVALUATOR",
    "gen_ai.operation.name": "chat",
    "gen_ai.provider.name": provider,
    "gen_ai.request.model": model,
    "gen_ai.system_instructions": JSON.stringify([{ type: "text", content: instructions }]),
    "gen_ai.input.messages": JSON.stringify(text("user", content)),
    "gen_ai.evaluation.name": scorer,
    "tracegate.scorer.version": version,
    "tracegate.labels": labels.join(", "),
    ...(subject !== undefined && { "tracegate.judged.trace_id": subject }),
    ...(tier !== undefined && { "tracegate.tier": tier }),
    ...(batch !== undefined && { "tracegate.batch.id": batch }),
  };
}

function answered({ result }: JudgeCall): AttributeInput {
  if (!isAnswer(result)) return { "error.type": result.unscored.code };
  const { label, rationale, evidence, model } = result;
  const content = JSON.stringify({ rationale, evidence, label });
  return {
    "gen_ai.response.model": model,
    "gen_ai.output.messages": JSON.stringify([{ role: "assistant", parts: [{ type: "text", content }] }]),
    "gen_ai.evaluation.score.label": label,
    "gen_ai.evaluation.explanation": rationale,
  };
}

function paid({ result: { usage = {}, cost } }: JudgeCall): AttributeInput {
  const { inputTokens, outputTokens, cacheReadTokens, cacheWriteTokens, reasoningTokens } = usage;
  return {
    ...(inputTokens !== undefined && { "gen_ai.usage.input_tokens": inputTokens }),
    ...(outputTokens !== undefined && { "gen_ai.usage.output_tokens": outputTokens }),
    ...(cacheReadTokens !== undefined && { "gen_ai.usage.cache_read.input_tokens": cacheReadTokens }),
    ...(cacheWriteTokens !== undefined && { "gen_ai.usage.cache_creation.input_tokens": cacheWriteTokens }),
    ...(reasoningTokens !== undefined && { "gen_ai.usage.reasoning.output_tokens": reasoningTokens }),
    ...(cost !== undefined && { "gen_ai.usage.cost": double(cost) }),
  };
}
