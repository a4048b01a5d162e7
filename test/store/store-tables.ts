/** Every table of the store. */
export const STORE_TABLES = [
  "trace",
  "payload",
  "score",
  "ledger",
  "outbox",
  "answer",
  "asked",
  "pause",
  "agent_version",
  "later_question",
  "later_text",
  "batch",
] as const;
