import { describe, expect, it } from "vitest";

import { readTrace } from "../../src/conventions/read-trace.ts";
import type { Trace } from "../../src/core/trace.ts";
import { readSpans } from "../../src/otlp/read-spans.ts";
import { splitByTrace } from "../../src/otlp/split-by-trace.ts";
import { captureFiles, hasCaptures, readCapture } from "../otlp/captures.ts";
import { anthropicStory, openaiStory, type Story, storyOf } from "./order-story.ts";

/** Traces of a recorded body, in the order in which they were sent. */
function tracesIn(path: string): Trace[] {
  return splitByTrace(readCapture(path)).fragments.map((fragment) => readTrace(readSpans(fragment.bytes)));
}

/** One recorded run: folder, name of the root, and the story less what this client does not record. */
const runs: readonly (readonly [string, string, Story])[] = [
  ["ai@7.0.173/ai-sdk-otel", "invoke_agent gpt-4o-mini", openaiStory],
  ["@strands-agents/sdk@1.19.0/json-stable", "invoke_agent support_agent", openaiStory],
  ["@strands-agents/sdk@1.19.0/json-latest-experimental", "invoke_agent support_agent", openaiStory],
  ["@anthropic-ai/sdk@1.10.0/native-content", "handle_request", anthropicStory],
  [
    "@anthropic-ai/sdk@1.10.0/native-default",
    "handle_request",
    // Content is off by default.
    {
      ...anthropicStory,
      input: undefined,
      output: undefined,
      turns: [],
      tools: [
        { name: "get_order_status", callId: "toolu_1", input: undefined, result: undefined, error: null },
      ],
    },
  ],
  ["@arizeai/openinference@", "support_agent", openaiStory],
  [
    "@arizeai/openinference@",
    "claude_agent",
    { ...anthropicStory, models: ["claude-sonnet-4-5", "claude-sonnet-4-5"] },
  ],
  ["@arizeai/openinference-instrumentation-langchain", "support_agent", openaiStory],
  [
    "@openai/agents@0.20.0",
    "support-workflow",
    // The bridge has no requested model; the reasoning is in the response it keeps.
    {
      ...openaiStory,
      models: ["gpt-4o-mini-2024-07-18", "gpt-4o-mini-2024-07-18"],
      turns: ["user: text", "assistant: reasoning tool_call", "tool: tool_result", "assistant: text"],
    },
  ],
  ["@openai/agents@0.20.0", "Agent workflow", openaiStory],
  [
    "@traceloop/node-server-sdk@0.27.0",
    "support_workflow.workflow",
    // No cache figures in this version; the tool call is known from the messages.
    { ...openaiStory, usage: { inputTokens: 202, outputTokens: 42 } },
  ],
  [
    "@traceloop/node-server-sdk@0.27.0",
    "claude_workflow.workflow",
    { ...anthropicStory, models: ["claude-sonnet-4-5", "claude-sonnet-4-5"] },
  ],
  [
    "@opentelemetry/instrumentation-openai@0.22.0",
    "handle_request",
    // Texts go out as log records, which are not read yet.
    {
      ...openaiStory,
      input: undefined,
      output: undefined,
      turns: [],
      tools: [],
      usage: { inputTokens: 202, outputTokens: 42 },
    },
  ],
];

describe.skipIf(!hasCaptures)("recorded clients (needs ../shared/captures)", () => {
  it.each(runs)("%s, %s: tells the story of order A-1001", (folder, root, story) => {
    const files = captureFiles().filter((path) => path.startsWith(folder));
    expect(files.length).toBeGreaterThan(0);
    for (const path of files) {
      const trace = tracesIn(path).find((found) => found.name === root);
      expect(trace && storyOf(trace), path).toEqual(story);
    }
  });

  it("counts calls that two instrumentations recorded once", () => {
    for (const [folder, root] of [
      ["@arizeai/openinference@", "claude_agent"],
      ["@traceloop/", "claude_workflow.workflow"],
    ] as const) {
      const trace = captureFiles()
        .filter((path) => path.startsWith(folder))
        .flatMap(tracesIn)
        .find((found) => found.name === root);
      expect(trace?.llmCalls).toHaveLength(2);
      expect(trace?.quality.issues.map((issue) => issue.code)).toContain("duplicate-llm-span");
    }
  });

  it("sees the failure of a call although the run's status does not say so", () => {
    const failed = captureFiles().flatMap((path) =>
      tracesIn(path).filter((trace) => trace.errors.length > 0),
    );
    expect(failed.length).toBeGreaterThan(10);
    for (const trace of failed) {
      for (const error of trace.errors) expect(error.type).not.toBe("");
    }
  });

  it("takes a run whose root never came as one without a root", () => {
    const [path = ""] = captureFiles("@openai/**/*-traces.pb");
    const trace = tracesIn(path).find((found) => found.rootSpanId === null);
    expect(trace?.quality.issues.map((issue) => issue.code)).toEqual(["rootless", "parent-missing"]);
    expect(trace?.input).toBe("hi");
  });
});
