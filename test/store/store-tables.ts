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
  "batch_question",
  "batch_question_text",
  "batch",
] as const;
