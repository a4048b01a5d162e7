import type { Tool } from "./tools/tool.ts";

/** What the model is told about a tool call, and the error, if there was one. */
export interface ToolRun {
  readonly result: unknown;
  readonly error?: Error;
}

/** Runs a tool. Internal errors are nothing a model should see, so it gets an empty object. */
export async function runTool(tool: Tool | undefined, input: Record<string, unknown>): Promise<ToolRun> {
  try {
    if (!tool) throw new Error("There is no such tool.");
    return { result: await tool.run(input) };
  } catch (cause) {
    const error = cause instanceof Error ? cause : new Error(String(cause));
    return { result: {}, error };
  }
}
