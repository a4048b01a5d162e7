import type { ToolDefinition } from "../../core/trace.ts";
import type { SpanTree } from "./span-tree.ts";

/** The tools offered in the run, each name once; a fuller definition replaces a bare name. */
export function readTraceToolDefinitions(tree: SpanTree): readonly ToolDefinition[] {
  const byName = new Map<string, ToolDefinition>();
  const seen = new Set<readonly ToolDefinition[]>();
  for (const { fields } of tree.ordered) {
    const { toolDefinitions } = fields;
    // Every chat span repeats the list, and equal lists are the same object.
    if (toolDefinitions === undefined || seen.has(toolDefinitions)) continue;
    seen.add(toolDefinitions);
    for (const definition of toolDefinitions) {
      byName.set(definition.name, { ...definition, ...byName.get(definition.name) });
    }
  }
  return [...byName.values()];
}
