/** A tool as the agent offers it to the model. `run` throws when the tool fails. */
export interface Tool {
  readonly name: string;
  readonly description: string;
  /** JSON Schema of the arguments. */
  readonly parameters: {
    readonly type: "object";
    readonly properties: Record<string, { type: string }>;
    readonly required: string[];
  };
  run(input: Record<string, unknown>): unknown;
}
