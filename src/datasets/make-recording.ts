import type { RecordedCall, RecordedLlmCall, Recording, RequestFingerprint } from "../core/case.ts";
import type { JsonObject, JsonValue } from "../core/json.ts";
import type { ErrorInfo, LlmCall, ToolDefinition, Trace } from "../core/trace.ts";
import type { Redactor } from "./redact.ts";
import { redactMessage } from "./redact-message.ts";
import { fingerprintOf } from "./request-fingerprint.ts";

/** Bytes of calls one recording may hold, 256 KiB. */
export const RECORDING_LIMIT = 256 * 1024;

/**
 * What tools and models answered in a run, in order, redacted: what a replay serves again. Beyond `limit`
 * bytes the later calls are left out and `truncated` says so; tool calls come first, for they are what a replay
 * needs most.
 */
export function makeRecording(trace: Trace, redactor: Redactor, limit: number = RECORDING_LIMIT): Recording {
  const budget = { left: limit };
  const tools = callsOf(trace).map((call) => redactCall(call, redactor));
  const models = trace.llmCalls.map((call) => recordLlmCall(call, redactor));
  const toolCalls = takeWhileFits(tools, budget);
  const llmCalls = takeWhileFits(models, budget);
  const definitions = trace.toolDefinitions.map((tool) => redactDefinition(tool, redactor));
  const toolDefinitions = takeWhileFits(definitions, budget);
  const truncated =
    toolCalls.length < tools.length ||
    llmCalls.length < models.length ||
    toolDefinitions.length < definitions.length;
  return {
    v: 1,
    traceId: trace.traceId,
    startedAt: trace.startTime,
    toolCalls,
    llmCalls,
    ...(toolDefinitions.length === 0 ? {} : { toolDefinitions }),
    redactions: redactor.counts(),
    truncated,
  };
}

/** The calls of tools, retrievers and memory of a run, as they are recorded but not redacted. */
export function callsOf(trace: Trace): readonly RecordedCall[] {
  return [
    ...trace.toolCalls.map(
      ({ name, arguments: given, result, error }): RecordedCall => ({
        name,
        ...(given === undefined ? {} : { arguments: given }),
        ...(result === undefined ? {} : { result }),
        error: textOfError(error),
      }),
    ),
    ...trace.retrievals.map(
      ({ query, documents, error }): RecordedCall => ({
        kind: "retrieval",
        name: "retrieval",
        ...(query === undefined ? {} : { arguments: { query } }),
        ...(documents === undefined ? {} : { result: documents.map(plain) }),
        error: textOfError(error),
      }),
    ),
    ...trace.memoryOperations.map(
      ({ operation, query, records, error }): RecordedCall => ({
        kind: "memory",
        name: operation,
        ...(query === undefined ? {} : { arguments: { query } }),
        ...(records === undefined ? {} : { result: records }),
        error: textOfError(error),
      }),
    ),
  ];
}

function redactCall(call: RecordedCall, redactor: Redactor): RecordedCall {
  return {
    ...call,
    ...(call.arguments === undefined ? {} : { arguments: redactor.redact(call.arguments) }),
    ...(call.result === undefined ? {} : { result: redactor.redact(call.result) }),
    error: call.error === null ? null : redactor.redactText(call.error),
  };
}

function recordLlmCall(call: LlmCall, redactor: Redactor): RecordedLlmCall {
  const request = requestOf(call);
  const error = textOfError(call.error);
  return {
    ...(call.provider === undefined ? {} : { provider: call.provider }),
    model: call.model ?? null,
    ...(call.requestModel === undefined ? {} : { requestModel: call.requestModel }),
    ...(request === null ? {} : { request }),
    output: call.output ? call.output.map((message) => redactMessage(message, redactor)) : null,
    finishReason: call.finishReason ?? null,
    ...(Object.keys(call.usage).length === 0 ? {} : { usage: call.usage }),
    ...(error === null ? {} : { error: redactor.redactText(error) }),
  };
}

/** Without the messages only the system prompt tells a changed request; without both nothing does. */
function requestOf({ systemInstructions, input }: LlmCall): RequestFingerprint | null {
  const instructions = systemInstructions === undefined ? {} : { systemInstructions };
  if (input !== undefined) return fingerprintOf({ ...instructions, messages: input });
  const { system } = fingerprintOf({ ...instructions, messages: [] });
  return system === undefined ? null : { system };
}

function redactDefinition(tool: ToolDefinition, redactor: Redactor): ToolDefinition {
  return {
    name: tool.name,
    ...(tool.description === undefined ? {} : { description: redactor.redactText(tool.description) }),
    ...(tool.parameters === undefined ? {} : { parameters: redactor.redact(tool.parameters) }),
  };
}

function textOfError(error: ErrorInfo | null): string | null {
  return error ? [error.type, error.message].filter(Boolean).join(": ") : null;
}

/** A plain JSON object of an interface's fields. */
function plain(value: object): JsonObject {
  const fields: JsonObject = {};
  for (const [key, inner] of Object.entries(value)) {
    const known: JsonValue | undefined = inner;
    if (known !== undefined) fields[key] = known;
  }
  return fields;
}

function takeWhileFits<T>(calls: readonly T[], budget: { left: number }): T[] {
  const taken: T[] = [];
  for (const call of calls) {
    const size = Buffer.byteLength(JSON.stringify(call));
    if (size > budget.left) {
      budget.left = 0;
      break;
    }
    budget.left -= size;
    taken.push(call);
  }
  return taken;
}
