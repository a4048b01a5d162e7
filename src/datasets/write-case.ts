import type { Case, CaseSource, Review } from "../core/case.ts";
import type { Message } from "../core/message.ts";

/** The line of a case, without the line break. Keys come in one order, so that equal cases give equal bytes. */
export function writeCase(one: Case): string {
  return JSON.stringify({
    v: one.v,
    id: one.id,
    input: { messages: one.input.messages.map(orderMessage) },
    expected: one.expected,
    mustPass: one.mustPass,
    tags: one.tags,
    source: orderSource(one.source),
    review: one.review && orderReview(one.review),
    recording: one.recording,
  });
}

function orderMessage({ role, name, parts, finishReason }: Message) {
  return { role, name, parts, finishReason };
}

function orderSource(source: CaseSource) {
  if (source.kind === "written") return { kind: source.kind, note: source.note };
  const { kind, traceId, endedAt, service, agent, agentVersion, answer } = source;
  const condemned = source.condemned.map(({ scorer, version, value, label, explanation }) => ({
    scorer,
    version,
    value,
    label,
    explanation,
  }));
  return { kind, traceId, endedAt, service, agent, agentVersion, answer, condemned };
}

function orderReview({ decision, by, at, note }: Review) {
  return { decision, by, at, note };
}
