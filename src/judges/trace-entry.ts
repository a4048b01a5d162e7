/** One line of the ledger: a turn of the conversation or a step, with its texts still raw and whole. */
export interface TraceEntry {
  /** E.g. `user`, `tool`, `retrieval`, `memory`, `llm`, `span`. */
  readonly kind: string;
  /** Tool, model or operation; of a turn who spoke, mostly empty. */
  readonly name: string;
  readonly spanIds: readonly string[];
  readonly status: "ok" | "error" | null;
  readonly durationMs: number | null;
  readonly texts: readonly { readonly label: string; readonly text: string }[];
  /** Unix ms; null for turns and for calls known only from messages. */
  readonly startTime: number | null;
  /** It changed something outside the agent, as far as its name tells. Absent: no. */
  readonly changesState?: boolean;
}
