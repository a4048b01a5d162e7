import type { RecordedLlmCall, Recording, RequestFingerprint } from "../core/case.ts";
import { type JsonValue, stableJson } from "../core/json.ts";
import type { ToolDefinition, Trace } from "../core/trace.ts";
import { fingerprintOf, withoutPersons } from "../datasets/request-fingerprint.ts";
import type { ModelRequest } from "../llmwire/model-request.ts";
import { isModel } from "./model-cursor.ts";

/** What a request differs in from the recorded one that answers it: model, system prompt, tool definitions. */
export function nameChanges(
  request: ModelRequest,
  asked: RequestFingerprint,
  then: RecordedLlmCall,
  recording: Recording,
): readonly string[] {
  const model = then.requestModel ?? then.model;
  const changes: string[] = [];
  if (model !== null && !isModel(then, request.model)) {
    changes.push(`the model changed since the recording, from ${model} to ${request.model}`);
  }
  if (then.request?.system !== undefined && then.request.system !== asked.system) {
    changes.push("the system prompt changed since the recording");
  }
  return [...changes, ...changedTools(request.tools, recording)];
}

/**
 * The same by the trace of a trial, for models that are live and so never asked here: a model or system prompt
 * that no recorded call had.
 */
export function nameChangesIn(trace: Trace, recording: Recording): readonly string[] {
  const then = recording.llmCalls;
  const models = [...new Set(then.flatMap(({ requestModel, model }) => requestModel ?? model ?? []))];
  const prompts = new Set(then.flatMap(({ request }) => request?.system ?? []));
  const changes = new Set<string>();
  for (const { requestModel, model, systemInstructions } of trace.llmCalls) {
    const asked = requestModel ?? model;
    if (asked !== undefined && models.length > 0 && !then.some((call) => isModel(call, asked))) {
      changes.add(`the model changed since the recording, from ${models.join(", ")} to ${asked}`);
    }
    if (systemInstructions === undefined || prompts.size === 0) continue;
    const { system = "" } = fingerprintOf({ systemInstructions, messages: [] });
    if (!prompts.has(system)) changes.add("the system prompt changed since the recording");
  }
  return [...changes, ...changedTools(trace.toolDefinitions, recording)];
}

function changedTools(tools: readonly ToolDefinition[], recording: Recording): readonly string[] {
  const known = new Map((recording.toolDefinitions ?? []).map((tool) => [tool.name, tool]));
  if (known.size === 0) return [];
  return tools.flatMap((tool) => {
    const recorded = known.get(tool.name);
    if (recorded === undefined) return [`the tool ${tool.name} is new since the recording`];
    return differs(recorded, tool)
      ? [`the definition of the tool ${tool.name} changed since the recording`]
      : [];
  });
}

/** A part that one side does not tell is no difference. */
function differs(recorded: ToolDefinition, now: ToolDefinition): boolean {
  return unequal(recorded.description, now.description) || unequal(recorded.parameters, now.parameters);
}

function unequal(a: JsonValue | undefined, b: JsonValue | undefined): boolean {
  if (a === undefined || b === undefined) return false;
  return stableJson(withoutPersons(a)) !== stableJson(withoutPersons(b));
}
