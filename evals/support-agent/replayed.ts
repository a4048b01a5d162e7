import { replayTool } from "../../src/testing/index.ts";
import type { Tool } from "./tools/tool.ts";

/** The same tools, answered by a replay. */
export function replayed(tools: readonly Tool[]): readonly Tool[] {
  return tools.map((tool) => ({ ...tool, run: replayTool(tool.name, tool.run) }));
}
