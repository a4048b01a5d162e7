import type { Case } from "../core/case.ts";
import { textMessage, textOf } from "../core/message.ts";
import type { Trace } from "../core/trace.ts";

/** What is known of a run that sent no spans. Times in Unix ms. */
export interface BareRun {
  readonly traceId: string;
  readonly answer: string;
  readonly startTime: number;
  readonly endTime: number;
}

/**
 * The trace of an agent that sends no spans but gives an answer: input and answer, nothing between. So the
 * simplest agent can be gated; `quality` says what no scorer can see in it.
 */
export function traceOfAnswer(one: Case, run: BareRun): Trace {
  const { messages } = one.input;
  const conversation = messages.filter((message) => message.role !== "system");
  const system = messages.filter((message) => message.role === "system").map(textOf);
  return {
    schema: "tracegate.trace/1",
    traceId: run.traceId,
    revision: 1,
    rootSpanId: null,
    name: `case ${one.id}`,
    startTime: run.startTime,
    endTime: run.endTime,
    durationMs: run.endTime - run.startTime,
    service: {},
    agent: {},
    tags: [],
    input: conversation
      .filter((message) => message.role === "user")
      .map(textOf)
      .join("\n"),
    output: run.answer,
    ...(system.length === 0 ? {} : { systemInstructions: system.join("\n") }),
    messages: [...conversation, textMessage("assistant", run.answer)],
    toolDefinitions: [],
    llmCalls: [],
    toolCalls: [],
    retrievals: [],
    memoryOperations: [],
    rationales: [],
    usage: {},
    cost: { unpricedModels: [] },
    errors: [],
    retries: null,
    annotations: [],
    spans: [],
    quality: {
      dialects: [],
      missing: ["spans", "llmCalls", "toolCalls", "usage"],
      issues: [
        {
          code: "rootless",
          message: "The agent sent no spans; this trace holds only the case's input and the task's answer.",
          spanIds: [],
        },
      ],
    },
  };
}
