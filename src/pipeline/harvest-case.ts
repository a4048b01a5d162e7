import type { Case, Condemnation, Recording } from "../core/case.ts";
import { contentHash } from "../core/ids.ts";
import { type Message, type Part, textMessage } from "../core/message.ts";
import { passed, type Score } from "../core/score.ts";
import type { Trace } from "../core/trace.ts";
import { findSecrets, type SecretFinding } from "../datasets/find-secrets.ts";
import { callsOf, makeRecording } from "../datasets/make-recording.ts";
import { recordingHash } from "../datasets/recordings.ts";
import { makeRedactor, type Redactions } from "../datasets/redact.ts";
import { redactMessage } from "../datasets/redact-message.ts";

/** A trace made into a case, or why it was not. */
export type Harvested =
  | {
      readonly kind: "case";
      readonly case: Case;
      /** Null when the trace holds no call. */
      readonly recording: Recording | null;
      readonly redactions: Redactions;
    }
  | { readonly kind: "passed" }
  | { readonly kind: "skipped"; readonly reason: string }
  | { readonly kind: "blocked"; readonly caseId: string; readonly secret: SecretFinding };

/**
 * Makes a quarantined case of a trace that at least one scorer failed. Personal data is replaced before the
 * id is made, so two customers with the same question make one case.
 *
 * Credentials are looked for before anything is replaced, in all that would be written.
 */
export function harvestTrace(trace: Trace, scores: readonly Score[]): Harvested {
  const failing = scores.filter((score) => passed(score) === false);
  if (failing.length === 0) return { kind: "passed" };
  const started = startOf(trace);
  if (started === null) {
    const reason =
      "it records neither the messages of its first model call nor an input on its root, so there is nothing to try again";
    return { kind: "skipped", reason };
  }
  const redactor = makeRedactor();
  const messages = started.map((message) => redactMessage(message, redactor));
  const id = caseIdOf(messages, trace);
  const answer = trace.output;
  const condemned = condemnations(failing, (text) => redactor.redactText(text));
  const redactedAnswer = answer === undefined ? undefined : redactor.redactText(answer);
  const calls = callsOf(trace).length + trace.llmCalls.length;
  const recording = calls === 0 ? null : makeRecording(trace, redactor);
  const { service, agent } = trace;
  const made: Case = {
    v: 1,
    id,
    input: { messages },
    mustPass: condemned.map(({ scorer }) => scorer),
    tags: [],
    source: {
      kind: "trace",
      traceId: trace.traceId,
      endedAt: new Date(trace.endTime).toISOString(),
      ...(service.name === undefined ? {} : { service: service.name }),
      ...(agent.name === undefined ? {} : { agent: agent.name }),
      ...(agent.version === undefined ? {} : { agentVersion: agent.version }),
      ...(redactedAnswer === undefined ? {} : { answer: redactedAnswer }),
      condemned,
    },
    ...(recording ? { recording: recordingHash(recording) } : {}),
  };
  const [secret] = [...findSecrets(rawTexts(trace, started, failing)), ...findSecrets({ made, recording })];
  if (secret) return { kind: "blocked", caseId: id, secret };
  return { kind: "case", case: made, recording, redactions: redactor.counts() };
}

/** What the case is made of, as it was before redaction, which could cut a key in two. */
function rawTexts(trace: Trace, started: readonly Message[], failing: readonly Score[]) {
  return {
    input: { messages: started },
    answer: trace.output,
    condemned: failing.map(({ explanation, label }) => ({ explanation, label })),
    calls: callsOf(trace),
    toolDefinitions: trace.toolDefinitions,
    llmCalls: trace.llmCalls.map(({ output }) => output),
  };
}

/** What the run started with: the first model call's input, without what the application itself prescribes. */
function startOf(trace: Trace): readonly Message[] | null {
  const [first] = trace.llmCalls.toSorted((a, b) => (a.startTime ?? 0) - (b.startTime ?? 0));
  const messages = (first?.input ?? []).filter(({ role }) => role !== "system" && role !== "developer");
  if (messages.some(({ parts }) => parts.length > 0)) return messages;
  return trace.input === undefined || trace.input.trim() === "" ? null : [textMessage("user", trace.input)];
}

/** Call ids, names of senders and reasoning differ between runs that began alike, so they are left out. */
function caseIdOf(messages: readonly Message[], { service, agent }: Trace): string {
  const canonical = messages.map(({ role, parts }) => ({ role, parts: parts.flatMap(canonicalPart) }));
  return contentHash({ messages: canonical, service: service.name, agent: agent.name });
}

function canonicalPart(part: Part): readonly Part[] {
  if (part.type === "reasoning") return [];
  if (part.type === "text") return [{ type: "text", content: part.content.trim() }];
  if (part.type !== "tool_call" && part.type !== "tool_result") return [part];
  const { id: _, ...rest } = part;
  return [rest];
}

/** One per scorer, in alphabetical order. */
function condemnations(
  failing: readonly Score[],
  redactText: (text: string) => string,
): readonly Condemnation[] {
  const byName = new Map<string, Condemnation>();
  for (const { name, version, value, label, explanation } of failing) {
    if (value === null || byName.has(name)) continue;
    const why = explanation === null ? null : redactText(explanation);
    byName.set(name, { scorer: name, version, value, label, explanation: why });
  }
  return [...byName.values()].sort((a, b) => (a.scorer < b.scorer ? -1 : 1));
}
