import type { RecordedLlmCall, Recording, RequestFingerprint } from "../core/case.ts";
import { type JsonValue, stableJson } from "../core/json.ts";
import type { ToolDefinition } from "../core/trace.ts";
import { withoutPersons } from "../datasets/request-fingerprint.ts";
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
  const known = new Map((recording.toolDefinitions ?? []).map((tool) => [tool.name, tool]));
  for (const tool of known.size === 0 ? [] : request.tools) {
    const recorded = known.get(tool.name);
    if (recorded === undefined) changes.push(`the tool ${tool.name} is new since the recording`);
    else if (differs(recorded, tool)) {
      changes.push(`the definition of the tool ${tool.name} changed since the recording`);
    }
  }
  return changes;
}

/** A part that one side does not tell is no difference. */
function differs(recorded: ToolDefinition, now: ToolDefinition): boolean {
  return unequal(recorded.description, now.description) || unequal(recorded.parameters, now.parameters);
}

function unequal(a: JsonValue | undefined, b: JsonValue | undefined): boolean {
  if (a === undefined || b === undefined) return false;
  return stableJson(withoutPersons(a)) !== stableJson(withoutPersons(b));
}
