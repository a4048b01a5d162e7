import { readFinishReason } from "../../../src/conventions/finish-reason.ts";
import { isObject } from "../../../src/core/json.ts";
import type { FinishReason, Message } from "../../../src/core/message.ts";
import type { Trace, Usage } from "../../../src/core/trace.ts";
import type { Field, Shape, StoryFields } from "./field.ts";
import type { Leaf } from "./leaves.ts";

const SYSTEM = "You are a support agent.";
const QUESTION = "What is the status of order A-1001?";
const ANSWER = "Order A-1001 has shipped and should arrive on 2026-11-24.";

const holds =
  (text: string) =>
  ({ value }: Leaf): boolean =>
    typeof value === "string" && value.includes(text);

const equals =
  (wanted: unknown) =>
  ({ value }: Leaf): boolean =>
    value === wanted;

const at =
  (pattern: RegExp, test: (leaf: Leaf) => boolean = () => true) =>
  (leaf: Leaf): boolean =>
    pattern.test(leaf.path) && test(leaf);

const never = () => false;

const always =
  <Value>(value: Value) =>
  (): Value =>
    value;

type Figures = { readonly [Name in Shape]: readonly number[] };

/** Tokens of the first call and of the second, as the providers count them. */
const COUNTS = {
  inputTokens: { pattern: /token|usage/i, openai: [82, 120], anthropic: [162, 200] },
  outputTokens: { pattern: /token|usage/i, openai: [18, 24], anthropic: [18, 24] },
  cacheReadTokens: { pattern: /cache/i, openai: [64, 64], anthropic: [64, 64] },
  cacheWriteTokens: { pattern: /cache/i, openai: [], anthropic: [16, 16] },
  reasoningTokens: { pattern: /reason/i, openai: [8, 8], anthropic: [] },
} as const satisfies { readonly [Name in keyof Usage]-?: Figures & { readonly pattern: RegExp } };

/** The sum over some calls; one of its figures, or the sum, under a fitting name proves that it was sent. */
function usageOf(pick: (figures: readonly number[]) => readonly number[]): StoryFields {
  return Object.fromEntries(
    Object.entries(COUNTS).map(([name, counts]): [string, Field] => [
      `usage.${name}`,
      {
        // Where the story has none of a kind, some say 0 and some say nothing.
        read: ({ usage }) => Object.entries(usage).find(([key]) => key === name)?.[1] || undefined,
        expected: (shape) => (counts[shape].length === 0 ? undefined : sum(pick(counts[shape]))),
        shows: ({ path, value }, shape) =>
          counts.pattern.test(path) &&
          counts[shape].length > 0 &&
          [...pick(counts[shape]), sum(pick(counts[shape]))].includes(Number(value)),
      },
    ]),
  );
}

function sum(figures: readonly number[]): number {
  return figures.reduce((total, count) => total + count, 0);
}

function person(name: "userId" | "sessionId" | "organisationId", value: string): Field {
  return { read: (trace) => trace[name], expected: always(value), shows: equals(value) };
}

/** Finish reasons stand under many names, and `stop` also names the stop sequences. */
function showsReason({ path, value }: Leaf): boolean {
  if (!/finish|stop_?reason/i.test(path) || typeof value !== "string") return false;
  const reason: FinishReason | undefined = readFinishReason(value);
  return reason === "stop" || reason === "tool_call";
}

function turnOf(message: Message): string {
  // Some providers send their reasoning along, others do not.
  const parts = message.parts.filter((part) => part.type !== "reasoning");
  return `${message.role}: ${parts.map((part) => part.type).join(" ")}`;
}

function callOf<Value>(pick: (call: Trace["toolCalls"][number]) => Value): (trace: Trace) => Value[] {
  return ({ toolCalls }) => toolCalls.map(pick);
}

const texts: StoryFields = {
  input: { read: ({ input }) => input, expected: always(QUESTION), shows: holds(QUESTION) },
  output: { read: ({ output }) => output, expected: always(ANSWER), shows: holds(ANSWER) },
  systemInstructions: {
    read: (trace) => trace.systemInstructions,
    expected: always(SYSTEM),
    shows: holds(SYSTEM),
  },
  messages: {
    read: ({ messages }) => messages.map(turnOf),
    expected: (shape) => [
      "user: text",
      shape === "openai" ? "assistant: tool_call" : "assistant: text tool_call",
      "tool: tool_result",
      "assistant: text",
    ],
    shows: (leaf) => holds(QUESTION)(leaf) || holds(ANSWER)(leaf),
  },
};

const toolCalls: StoryFields = {
  "toolCalls.name": {
    read: callOf(({ name }) => name),
    expected: always(["get_order_status"]),
    shows: holds("get_order_status"),
  },
  "toolCalls.callId": {
    read: callOf(({ callId }) => callId),
    expected: (shape) => [shape === "openai" ? "call_1" : "toolu_1"],
    shows: ({ value }, shape) => value === (shape === "openai" ? "call_1" : "toolu_1"),
  },
  "toolCalls.arguments": {
    read: callOf(({ arguments: given }) => given),
    expected: always([{ order_id: "A-1001" }]),
    shows: at(/order_id$/, equals("A-1001")),
  },
  "toolCalls.result": {
    read: callOf(({ result }) => result),
    expected: always([{ status: "shipped", eta: "2026-11-24" }]),
    shows: at(/eta$/, equals("2026-11-24")),
  },
  "toolCalls.error": { read: callOf(({ error }) => error), expected: always([null]), shows: never },
  "toolCalls.place": {
    // The tool runs after it was asked for and before the model is told; one without a span runs at no known time.
    read: ({ llmCalls: [first, second], toolCalls: [tool] }) => {
      const { startTime: start = first?.startTime ?? 0 } = tool ?? {};
      return start >= (first?.startTime ?? 0) && start <= (second?.startTime ?? 0);
    },
    expected: always(true),
    shows: never,
  },
};

const definitions: StoryFields = {
  "toolDefinitions.name": {
    read: ({ toolDefinitions }) => toolDefinitions.map(({ name }) => name),
    expected: always(["get_order_status"]),
    shows: at(/definition|tools|functions/i, equals("get_order_status")),
  },
  "toolDefinitions.description": {
    read: ({ toolDefinitions }) => toolDefinitions.map(({ description }) => description),
    expected: always(["Look up an order"]),
    shows: equals("Look up an order"),
  },
  "toolDefinitions.parameters": {
    read: ({ toolDefinitions }) =>
      toolDefinitions.map(({ parameters }) => (isObject(parameters) ? parameters.required : undefined)),
    expected: always([["order_id"]]),
    shows: at(/required/, equals("order_id")),
  },
};

const modelCalls: StoryFields = {
  "llmCalls.count": { read: ({ llmCalls }) => llmCalls.length, expected: always(2), shows: never },
  "llmCalls.provider": {
    read: ({ llmCalls }) => llmCalls.map(({ provider }) => provider),
    expected: (shape) => [shape, shape],
    shows: ({ value }, shape) => value === shape,
  },
  "llmCalls.requestModel": {
    read: ({ llmCalls }) => llmCalls.map(({ requestModel }) => requestModel),
    expected: (shape) => Array(2).fill(shape === "openai" ? "gpt-4o-mini" : "claude-sonnet-4-5"),
    shows: ({ value }, shape) => value === (shape === "openai" ? "gpt-4o-mini" : "claude-sonnet-4-5"),
  },
  "llmCalls.responseModel": {
    read: ({ llmCalls }) => llmCalls.map(({ responseModel }) => responseModel),
    expected: (shape) => Array(2).fill(answering(shape)),
    shows: (leaf, shape) => leaf.value === answering(shape),
  },
  "llmCalls.responseId": {
    read: ({ llmCalls }) =>
      llmCalls.map(({ responseId = "" }) => /^(chatcmpl|resp|msg)[-_]?\w/.test(responseId)),
    expected: always([true, true]),
    shows: at(/(^|\.)(response\.id|responseId|id)$/, ({ value }) =>
      /^(chatcmpl|resp|msg)[-_]\w/.test(String(value)),
    ),
  },
  "llmCalls.finishReasons": {
    read: ({ llmCalls }) => llmCalls.map(({ finishReason }) => finishReason),
    expected: always(["tool_call", "stop"]),
    shows: showsReason,
  },
  "llmCalls.error": {
    read: ({ llmCalls }) => llmCalls.map(({ error }) => error),
    expected: always([null, null]),
    shows: never,
  },
};

function answering(shape: Shape): string {
  return shape === "openai" ? "gpt-4o-mini-2024-07-18" : "claude-sonnet-4-5-20250929";
}

const whole: StoryFields = {
  errors: { read: ({ errors }) => errors, expected: always([]), shows: never },
  // Nobody retried, and nobody says so: not known is not none.
  retries: { read: ({ retries }) => retries, expected: always(null), shows: never },
  "quality.issues": {
    read: ({ quality }) => quality.issues.map(({ code }) => code),
    expected: always([]),
    shows: never,
  },
};

const optional: StoryFields = {
  feature: {
    read: ({ feature }) => feature,
    expected: always("returns"),
    shows: equals("returns"),
    optional: true,
  },
  tags: { read: ({ tags }) => tags, expected: always(["beta", "eu"]), shows: equals("beta"), optional: true },
  "agent.version": { read: ({ agent }) => agent.version, expected: always(""), shows: never, optional: true },
  "llmCalls.maxTokens": {
    read: ({ llmCalls }) => llmCalls.map(({ parameters }) => parameters.maxTokens),
    expected: always([]),
    shows: never,
    optional: true,
  },
  "llmCalls.promptName": {
    read: ({ llmCalls }) => llmCalls.map(({ promptName }) => promptName),
    expected: always([]),
    shows: never,
    optional: true,
  },
  "llmCalls.promptVersion": {
    read: ({ llmCalls }) => llmCalls.map(({ promptVersion }) => promptVersion),
    expected: always([]),
    shows: never,
    optional: true,
  },
};

const identity: StoryFields = {
  userId: person("userId", "u-1"),
  sessionId: person("sessionId", "s-1"),
  organisationId: person("organisationId", "o-1"),
  "agent.name": {
    read: ({ agent }) => agent.name,
    expected: always("support_agent"),
    shows: at(/agent\.name|functionId|graph\.node/, ({ value }) => value !== ""),
  },
  "llmCalls.temperature": {
    read: ({ llmCalls }) => llmCalls.map(({ parameters }) => parameters.temperature),
    expected: always([0.2, 0.2]),
    shows: at(/temperature$/, ({ value }) => Number(value) === 0.2),
  },
};

const told: StoryFields = {
  ...texts,
  ...toolCalls,
  ...definitions,
  ...modelCalls,
  ...usageOf((both) => both),
  ...whole,
  ...optional,
};

/** The agent answers with the help of its tool. */
export const toolLoop: StoryFields = { ...told, ...identity };

/** The same with streamed answers; who asks and how is not part of it. */
export const streamed: StoryFields = {
  ...told,
  ...Object.fromEntries(
    Object.entries(identity).map(([name, field]) => [name, { ...field, optional: true }]),
  ),
};

/** The first call alone: the model asks for the tool. */
export const firstCall: StoryFields = {
  ...texts,
  ...only(toolCalls, ["toolCalls.name", "toolCalls.callId", "toolCalls.arguments"]),
  ...onlyPart(modelCalls, 0),
  ...usageOf((both) => both.slice(0, 1)),
  ...whole,
  messages: {
    read: ({ messages }) => messages.map(turnOf),
    expected: always(["user: text", "assistant: tool_call"]),
    shows: holds(QUESTION),
  },
  output: { read: ({ output }) => output, expected: always(""), shows: never },
};

/** One question, one answer in text. */
export const answer: StoryFields = {
  output: { read: ({ output }) => output, expected: always(ANSWER), shows: holds(ANSWER) },
  ...onlyPart(modelCalls, 1),
  ...usageOf((both) => both.slice(1)),
  ...whole,
};

function only(fields: StoryFields, names: readonly string[]): StoryFields {
  return Object.fromEntries(Object.entries(fields).filter(([name]) => names.includes(name)));
}

/** Fields whose expectation is a list by call, for one of the calls. */
function onlyPart(fields: StoryFields, index: 0 | 1): StoryFields {
  return Object.fromEntries(
    Object.entries(fields).map(([name, field]): [string, Field] => [
      name,
      {
        ...field,
        expected: (shape) => {
          const all = field.expected(shape);
          return Array.isArray(all) ? all.slice(index, index + 1) : 1;
        },
      },
    ]),
  );
}
