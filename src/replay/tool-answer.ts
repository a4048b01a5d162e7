import type { JsonValue } from "../core/json.ts";

/** What a tool says in a replay. */
export type ToolAnswer =
  | { readonly kind: "result"; readonly result: JsonValue }
  /** The tool failed then, or was made to fail. */
  | { readonly kind: "error"; readonly type: string; readonly message: string }
  /** The recording does not hold this call. */
  | { readonly kind: "diverged"; readonly message: string };

/** The agent is to run the tool itself, because it is one of the live ones. */
export interface LiveTool {
  readonly kind: "live";
}

/** A recorded error, `<type>: <message>`, in its parts. */
export function errorAnswer(error: string): ToolAnswer {
  const [, type, message] = /^(\S+): (.*)$/s.exec(error) ?? [];
  return { kind: "error", type: type ?? "Error", message: message ?? error };
}
